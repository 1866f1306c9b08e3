"""A fitted forecaster that takes rows with their moments, as people have them, and says what the target will be."""

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.engines.intake import Intake
from ml.engines.timeline import Timeline

Numbers = npt.NDArray[np.float64]
_FARTHEST = 1000


class MomentOutOfReach(ValueError):
    """A moment is none that the forecaster can speak of."""

    def __init__(self, column: str, last: object, farthest: object) -> None:
        super().__init__(f"The column {column!r} must lie after {last}, which is known, and not after {farthest}")


class Forecaster(Protocol):
    """Foretells a series of equal steps; what goes along with it is one row of numbers a step, or nothing."""

    def fit(self, series: Numbers, beside: pd.DataFrame | None) -> object:
        """Learn from the past."""

    def predict(self, steps: int, beside: pd.DataFrame | None) -> Numbers:
        """Return the next ``steps`` values."""


class SktimeForecaster:
    """A forecaster of sktime's."""

    def __init__(self, estimator: Any) -> None:
        """Take it unfitted."""
        self._estimator = estimator

    def fit(self, series: Numbers, beside: pd.DataFrame | None) -> "SktimeForecaster":
        """Learn from the past."""
        self._known = len(series)
        self._estimator.fit(pd.Series(series), X=beside, fh=None)
        return self

    def predict(self, steps: int, beside: pd.DataFrame | None) -> Numbers:
        """Return the next ``steps`` values."""
        index = range(self._known, self._known + steps)
        beside = None if beside is None else beside.set_axis(index)
        return np.asarray(self._estimator.predict(fh=np.arange(1, steps + 1), X=beside), dtype=float).ravel()


class Encoder(Protocol):
    """Turns prepared rows into numbers, by what it learnt from the training rows."""

    def transform(self, features: pd.DataFrame) -> Any:
        """Return other rows transformed."""


class Beside:
    """The columns that go along with a series, as numbers."""

    def __init__(self, intake: Intake, encoder: Encoder) -> None:
        self._intake = intake
        self._encoder = encoder

    def apply(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows as numbers."""
        matrix = np.asarray(self._encoder.transform(self._intake.apply(frame.reset_index(drop=True))), dtype=float)
        return pd.DataFrame(matrix, columns=[f"x{number}" for number in range(matrix.shape[1])])


class FittedForecaster:
    """Timeline, columns beside, and forecaster as one, in the manner of scikit-learn."""

    classes_: npt.NDArray[Any] = np.array(())
    gives_probabilities = False

    def __init__(
        self, timeline: Timeline, beside: Beside | None, forecaster: Forecaster, last: pd.DataFrame, reach: Numbers
    ) -> None:
        """Take the last known row, and how far off forecasts were: by step, the 80 % that were nearest."""
        self._timeline = timeline
        self._beside = beside
        self._forecaster = forecaster
        self._last = last.reset_index(drop=True)
        self._known = int(timeline.steps(last[timeline.column])[0])
        self._reach = reach

    def next_row(self) -> pd.DataFrame:
        """Return a row that it answers: the last known one, a step later."""
        moment = self._timeline.moment(self._known + 1)
        column = self._last[self._timeline.column]
        dated = pd.api.types.is_datetime64_any_dtype(column.dtype)
        return self._last.assign(**{self._timeline.column: pd.Timestamp(moment, tz=column.dt.tz) if dated else moment})

    def predict(self, frame: pd.DataFrame) -> Numbers:
        """Return what is to be expected at each row's moment."""
        ahead = self.ahead(frame)
        beside = None if self._beside is None else self._filled(frame, ahead)
        expected: Numbers = self._forecaster.predict(int(ahead.max()), beside)[ahead - 1]
        return expected

    def measures(self, frame: pd.DataFrame) -> dict[str, Numbers]:
        """Return ``low`` and ``high``, between which 4 of 5 forecasts have lain so many steps ahead."""
        ahead, expected = self.ahead(frame), self.predict(frame)
        tried = len(self._reach)
        # Farther than was ever tried, errors are taken to grow as those of a random walk.
        reach = self._reach[np.minimum(ahead, tried) - 1] * np.sqrt(np.maximum(ahead / tried, 1))
        return {"low": expected - reach, "high": expected + reach}

    def ahead(self, frame: pd.DataFrame) -> npt.NDArray[np.int64]:
        """Return how many steps after the last known row each moment is.

        Raises:
            MomentOutOfReach: if one is known, or too far.
        """
        column = self._timeline.column
        ahead = self._timeline.steps(frame[column].reset_index(drop=True)) - self._known
        if (ahead < 1).any() or (ahead > _FARTHEST).any():
            reachable = (self._timeline.moment(self._known + step) for step in (0, _FARTHEST))
            raise MomentOutOfReach(column, *reachable)
        return ahead

    def _filled(self, frame: pd.DataFrame, ahead: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Return a row for each step up to the farthest; a step that was not given is like the one before it."""
        assert self._beside is not None
        rows = pd.concat([self._last, frame], ignore_index=True)
        given = self._beside.apply(rows).set_axis([0, *ahead])
        every = given[~given.index.duplicated(keep="last")].sort_index().reindex(range(int(ahead.max()) + 1)).ffill()
        return every.iloc[1:].reset_index(drop=True)
