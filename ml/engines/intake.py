"""Rows as people have them become the numbers and strings that an engine learns from.

Nothing here is learnt from the values, but which columns hold any: what is learnt from values is learnt within a fold.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from contracts.ingest import LogicalType

_DAY = pd.Timedelta(days=1)


class FeatureUnreadable(ValueError):
    """A column's values are not of the type that the column has."""

    def __init__(self, feature: str, type_: str, problem: str) -> None:
        self.feature = feature
        super().__init__(f"The column {feature!r} must hold values of type {type_}: {problem}")


@dataclass(frozen=True)
class Intake:
    """What every row goes through first, in a race as in a prediction; columns may come in any order, or be missing."""

    types: Mapping[str, LogicalType]
    """The columns that take part, in order."""
    names: Mapping[str, str]
    """What each is called inside: engines choke on some names."""

    @classmethod
    def learn(cls, frame: pd.DataFrame, types: Mapping[str, LogicalType]) -> "Intake":
        """Return the intake for rows like those of ``frame``, without the columns that hold nothing.

        Raises:
            NothingToLearnFrom: if no column holds any value.
        """
        used = {name: type_ for name, type_ in types.items() if frame[name].notna().any()}
        if not used:
            raise NothingToLearnFrom
        return cls(used, dict(zip(used, _plain(used), strict=True)))

    def apply(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows as numbers and strings: dates become their parts, infinities count as missing.

        Raises:
            FeatureUnreadable: naming a column with values of another type.
        """
        columns: dict[str, pd.Series] = {}
        for name, type_ in self.types.items():
            given = frame[name] if name in frame else pd.Series(np.nan, index=frame.index, dtype=object)
            columns |= _read(given, name, type_, self.names[name])
        return pd.DataFrame(columns, index=frame.index)


class NothingToLearnFrom(ValueError):
    """No feature holds any value."""

    def __init__(self) -> None:
        super().__init__("Every feature is empty, so there is nothing to learn from. Add a column that holds values.")


def _plain(names: Iterable[str]) -> list[str]:
    taken: list[str] = []
    for name in names:
        plain = re.sub(r"\W", "_", name)
        while plain in taken:
            plain += "_"
        taken.append(plain)
    return taken


def _read(values: pd.Series, feature: str, type_: LogicalType, name: str) -> dict[str, pd.Series]:
    try:
        if type_ == "string":
            return {name: _strings(values)}
        if type_ in {"date", "timestamp"}:
            return _moments(values, name, with_hours=type_ == "timestamp")
        return {name: _numbers(values)}
    except (ValueError, TypeError, OverflowError) as error:
        raise FeatureUnreadable(feature, type_, str(error)) from error


def _strings(values: pd.Series) -> pd.Series:
    known = values.notna()
    return values.astype(str).astype(object).where(known, np.nan)


def _numbers(values: pd.Series) -> pd.Series:
    if pd.api.types.is_integer_dtype(values.dtype) and not values.hasnans:
        return values.astype(np.int64)
    numbers = pd.to_numeric(values, errors="raise").astype(float)
    return numbers.where(np.isfinite(numbers), np.nan)


def _moments(values: pd.Series, name: str, *, with_hours: bool) -> dict[str, pd.Series]:
    known = values.notna()
    moments = pd.to_datetime(values.where(known, None), utc=True, format="ISO8601" if values.dtype == object else None)
    parts = {"year": moments.dt.year, "month": moments.dt.month, "day": moments.dt.day, "weekday": moments.dt.weekday}
    if with_hours:
        parts["hour"] = moments.dt.hour
    parts["days"] = (moments - pd.Timestamp(0, tz="UTC")) / _DAY
    return {f"{name}__{part}": numbers.astype(float) for part, numbers in parts.items()}
