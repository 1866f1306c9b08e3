"""Moments as people have them become steps of equal length: 0 for the first, 1 for the next, and so on."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

Steps = npt.NDArray[np.int64]

_SEASONS: Mapping[str, int] = MappingProxyType({"A": 1, "Q": 4, "M": 12, "W": 52, "D": 7, "H": 24, "T": 60, "S": 60})
"""Periods of pandas, the longest first, and how many of them make the round above."""
_NUMBERS = ""
_LEAST_FILLED = 0.5


class TimesRepeated(ValueError):
    """Two rows have the same moment."""

    def __init__(self, column: str, moment: object) -> None:
        super().__init__(
            f"the column {column!r} has the moment {moment} twice; a series has one row for each: "
            "add them up, or keep the rows of one series only"
        )


class TimesIrregular(ValueError):
    """The moments are no steps of equal length."""

    def __init__(self, column: str, rows: int, steps: int) -> None:
        super().__init__(
            f"the moments in {column!r} are too uneven: {rows} rows are spread over {steps} steps; "
            "register one row for each period, such as a sum by day"
        )


class MomentUnreadable(ValueError):
    """A moment cannot be placed."""

    def __init__(self, column: str, problem: str) -> None:
        super().__init__(f"The column {column!r} must say when the row is: {problem}")


@dataclass(frozen=True)
class Timeline:
    """How the moments of one column are counted."""

    column: str
    unit: str
    """A period of pandas, such as ``M``; empty for whole numbers."""
    first: int
    """The first moment, counted in units."""
    length: int
    """Units in a step."""

    @classmethod
    def learn(cls, column: str, moments: pd.Series) -> "Timeline":
        """Return the timeline on which these moments, each known and in any order, are steps.

        Raises:
            TimesRepeated: if two are the same.
            TimesIrregular: if more than half of the steps between them are empty.
        """
        if moments.duplicated().any():
            raise TimesRepeated(column, moments[moments.duplicated()].iloc[0])
        unit = _unit_of(moments)
        counted = np.sort(_counted(moments, unit))
        length = int(np.gcd.reduce(np.diff(counted))) if len(counted) > 1 else 1
        steps = int((counted[-1] - counted[0]) // length) + 1
        if len(counted) < _LEAST_FILLED * steps:
            raise TimesIrregular(column, len(counted), steps)
        return cls(column, unit, int(counted[0]), length)

    @property
    def season(self) -> int:
        """Steps until a pattern may repeat, such as 12 for months; 1 if the moments suggest none."""
        around = _SEASONS.get(self.unit, 1)
        return around // self.length if around % self.length == 0 else 1

    def steps(self, moments: pd.Series) -> Steps:
        """Return the step of each moment.

        Raises:
            MomentUnreadable: if one is missing, is no moment, or lies between two steps.
        """
        if moments.isna().any():
            raise MomentUnreadable(self.column, "a row says nothing")
        try:
            counted = _counted(moments, self.unit) - self.first
        except (ValueError, TypeError, OverflowError) as error:
            raise MomentUnreadable(self.column, "a value is no moment between the years 1678 and 2261") from error
        if (counted % self.length).any():
            raise MomentUnreadable(self.column, f"its moments come every {self.length} units")
        steps: Steps = counted // self.length
        return steps

    def moment(self, step: int) -> Any:
        """Return when a step is: a whole number, or a moment as ISO 8601 has it."""
        counted = self.first + step * self.length
        if self.unit == _NUMBERS:
            return counted
        start = pd.Period(ordinal=counted, freq=self.unit).start_time
        return start.date().isoformat() if start == start.normalize() else start.isoformat()


def _unit_of(moments: pd.Series) -> str:
    """Return the longest period that holds no two of the moments."""
    if pd.api.types.is_numeric_dtype(moments.dtype):
        return _NUMBERS
    return next((unit for unit in _SEASONS if not pd.Series(_counted(moments, unit)).duplicated().any()), "S")


def _counted(moments: pd.Series, unit: str) -> Steps:
    if unit == _NUMBERS:
        return np.asarray(pd.to_numeric(moments), dtype=np.int64)
    known = pd.to_datetime(moments, utc=True, format="ISO8601" if moments.dtype == object else None)
    return np.asarray(known.dt.tz_localize(None).dt.to_period(unit).map(lambda period: period.ordinal), dtype=np.int64)
