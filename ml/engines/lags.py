"""Forecasters of our own: what costs nothing, and a regression on what came before."""

from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Numbers = npt.NDArray[np.float64]
_MOST_LAGS = 12


class SeriesTooShort(ValueError):
    """There is too little past to learn from."""

    def __init__(self, known: int, needed: int) -> None:
        super().__init__(f"{known} steps are too few to learn from; {needed} are needed: ask for fewer folds or steps")


class Simple:
    """The last value, the values of the last season, the mean, or the line from the first value to the last."""

    def __init__(self, kind: Literal["last", "season", "mean", "drift"], season: int) -> None:
        self._kind = kind
        self._season = season

    def fit(self, series: Numbers, _beside: pd.DataFrame | None) -> "Simple":
        """Learn from the past."""
        self._series = series
        return self

    def predict(self, steps: int, _beside: pd.DataFrame | None) -> Numbers:
        """Return the next ``steps`` values."""
        series, ahead = self._series, np.arange(1, steps + 1)
        if self._kind == "mean":
            return np.full(steps, series.mean())
        if self._kind == "season":
            again: Numbers = series[len(series) - self._season + (ahead - 1) % self._season]
            return again
        slope = (series[-1] - series[0]) / max(len(series) - 1, 1) if self._kind == "drift" else 0.0
        return np.asarray(series[-1] + slope * ahead, dtype=float)


class Lagged:
    """A regression of each value's difference to a season ago on the differences before it, and on what goes along."""

    def __init__(self, regressor: Any, season: int) -> None:
        """Take an unfitted regressor in the manner of scikit-learn."""
        self._regressor = regressor
        self._season = season

    def fit(self, series: Numbers, beside: pd.DataFrame | None) -> "Lagged":
        """Learn from the past."""
        self._lags = max(min(_MOST_LAGS, (len(series) - self._season) // 3), 1)
        changes = series[self._season :] - series[: -self._season]
        if len(changes) <= self._lags + 1:
            raise SeriesTooShort(len(series), self._season + self._lags + 2)
        rows = np.lib.stride_tricks.sliding_window_view(changes, self._lags)[:-1]
        if beside is not None:
            rows = np.column_stack([rows, beside.to_numpy()[self._season + self._lags :]])
        self._regressor.fit(rows, changes[self._lags :])
        self._series, self._changes = series, changes
        return self

    def predict(self, steps: int, beside: pd.DataFrame | None) -> Numbers:
        """Return the next ``steps`` values, each made of those before it."""
        series, changes = list(self._series), list(self._changes)
        for step in range(steps):
            row = changes[-self._lags :]
            if beside is not None:
                row = [*row, *beside.iloc[step]]
            change = float(self._regressor.predict(np.array([row]))[0])
            changes.append(change)
            series.append(series[-self._season] + change)
        return np.array(series[-steps:])
