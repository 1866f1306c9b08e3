"""What every engine does alike with a time series: learn from what came before, foretell what came next, score it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Any, Protocol

import numpy as np
import pandas as pd

from contracts.training import Forecast
from ml.engines.forecaster import Beside, FittedForecaster, Forecaster
from ml.engines.intake import Intake
from ml.engines.pipeline import Preprocessing
from ml.engines.port import FitOutcome, Fitted, Label, Problem
from ml.engines.predictions import PredictionsNotFinite
from ml.engines.session import failing_as
from ml.engines.timeline import Timeline
from ml.scoring import Numbers, score_time_series
from ml.splits import Rows, Split, rolling_folds

_FOLDS_KEPT = 2
_ORIGINS = 5
"""How many forecasts tell how far off a refitted candidate may be."""
_NEAREST = 0.8


class ForecastRecipe(Protocol):
    """What an engine brings to a time series."""

    def encoding(self, features: pd.DataFrame) -> Preprocessing:
        """Return new, unfitted preprocessing of the columns beside the series."""

    def forecasters(self, series: Numbers, season: int) -> Callable[[str], Forecaster]:
        """Return what makes a candidate's new, unfitted forecaster, as suits the past ``series``.

        It raises CandidateUnknown if there is none.
        """


@dataclass(frozen=True)
class _Past:
    """The rows before a moment as one value for each step, and what makes forecasters for them."""

    series: Numbers
    columns: pd.DataFrame | None
    beside: Beside | None
    last: int
    """The row that came last."""
    season: int
    forecaster: Callable[[str], Forecaster]
    seconds: float


class ForecastSession:
    """A session over any engine's forecasters; a fold's past is kept for the next candidate on that fold."""

    classes: tuple[Label, ...] = ()

    def __init__(self, recipe: ForecastRecipe, problem: Problem) -> None:
        assert problem.forecast is not None
        self._recipe = recipe
        self._problem = problem
        self._asked = problem.forecast
        moments = problem.features[self._asked.time]
        self._timeline = Timeline.learn(self._asked.time, moments)
        self._steps = self._timeline.steps(moments)
        self._order: Rows = np.argsort(self._steps)
        types = {name: kind for name, kind in problem.types.items() if name != self._asked.time}
        self._intake = Intake.learn(problem.features, types) if types else None
        self._past: Callable[[bytes], _Past] = lru_cache(_FOLDS_KEPT)(self._learnt)

    def folds(self, folds: int) -> tuple[Split, ...]:
        """Return the folds of this problem, one after the other."""
        return rolling_folds(self._order, folds, self._asked.horizon)

    def fit(self, candidate: str, train: Rows, test: Rows) -> FitOutcome:
        """Train a candidate on what came before, and score it on what came next."""
        with failing_as(candidate):
            past = self._past(train.tobytes())
            began = perf_counter()
            forecaster = past.forecaster(candidate)
            forecaster.fit(past.series, past.columns)
            trained = perf_counter()
            truth, ahead = self._problem.target[test].astype(float), self._steps[test] - self._steps[past.last]
            fitted = self._answering(past, forecaster, np.zeros(1))
            predicted = fitted.predict(self._problem.features.iloc[test])
            if not np.isfinite(predicted).all():
                raise PredictionsNotFinite
            scores = score_time_series(truth, predicted, past.series, past.season)
            scored = perf_counter()
        table = pd.DataFrame({"row": test, "truth": truth, "prediction": predicted, "step": ahead})
        return FitOutcome(scores, table, past.seconds + trained - began, scored - trained, fitted)

    def refit(self, candidate: str) -> FittedForecaster:
        """Train a candidate on all rows, and on what came before some of them: so it knows how far off it may be."""
        return self._trained(candidate, self._order, self._reach(candidate))

    def fitted(self, candidate: str, train: Rows) -> Fitted:
        """Train a candidate on what came before; it takes every forecast for exact."""
        return self._trained(candidate, train, np.zeros(1))

    def example(self, fitted: Fitted) -> pd.DataFrame:
        """Return a row for the step after the last."""
        assert isinstance(fitted, FittedForecaster)
        return fitted.next_row()

    def _reach(self, candidate: str) -> Numbers:
        """Return, by step, what the errors of 80 % of some last forecasts stayed below; it never shrinks with steps."""
        horizon = self._asked.horizon
        origins = min(_ORIGINS, (len(self._order) - 1) // (2 * horizon)) or 1
        tables = [self.fit(candidate, split.train, split.test).predictions for split in self.folds(origins)]
        every = pd.concat(tables)
        errors = (every["truth"] - every["prediction"]).abs()
        # A quantile of few errors lies above the plain one, so that as many of the next are below it.
        by_step = errors.groupby(every["step"]).apply(lambda few: np.sort(few)[_rank(len(few))])
        every_step = by_step.reindex(range(1, int(by_step.index.max()) + 1)).bfill().cummax()
        return np.asarray(every_step, dtype=float)

    def _trained(self, candidate: str, train: Rows, reach: Numbers) -> FittedForecaster:
        with failing_as(candidate):
            past = self._past(train.tobytes())
            forecaster = past.forecaster(candidate)
            forecaster.fit(past.series, past.columns)
            return self._answering(past, forecaster, reach)

    def _answering(self, past: _Past, forecaster: Forecaster, reach: Numbers) -> FittedForecaster:
        last = self._problem.features.iloc[[past.last]]
        return FittedForecaster(self._timeline, past.beside, forecaster, last, reach)

    def _learnt(self, rows: bytes) -> _Past:
        began = perf_counter()
        train: Rows = np.frombuffer(rows, dtype=np.intp)
        steps = self._steps[train] - self._steps[train[0]]
        series = every_step(pd.Series(self._problem.target[train].astype(float)), steps).to_numpy()
        beside, columns = self._beside(train)
        season = season_of(self._asked, self._timeline, len(series))
        return _Past(
            series=series,
            columns=None if columns is None else every_step(columns, steps),
            beside=beside,
            last=int(train[-1]),
            season=season,
            forecaster=self._recipe.forecasters(series, season),
            seconds=perf_counter() - began,
        )

    def _beside(self, train: Rows) -> tuple[Beside | None, pd.DataFrame | None]:
        if self._intake is None:
            return None, None
        rows = self._problem.features.iloc[train]
        prepared = self._intake.apply(rows)
        encoding = self._recipe.encoding(prepared)
        encoding.fit_transform(prepared, pd.Series(self._problem.target[train]))
        beside = Beside(self._intake, encoding)
        return beside, beside.apply(rows)


def season_of(asked: Forecast, timeline: Timeline, steps: int) -> int:
    """Return the steps of a season: those asked for, else what the moments suggest; 1 if there are no two in a past."""
    season = asked.season or timeline.season
    return season if steps > 2 * season else 1


def every_step(values: Any, steps: Numbers) -> Any:
    """Return a value for every step; one that is missing is like the one before it, which is all that was known."""
    return values.set_axis(steps).reindex(range(int(steps[-1]) + 1)).ffill()


def _rank(errors: int) -> int:
    return min(int(np.ceil((errors + 1) * _NEAREST)), errors) - 1
