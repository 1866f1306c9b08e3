"""Rows as callers asked them, and others made like them: numbers as floats, moments in UTC, all else as objects.

So does serving show them to a model version, and so its answers are explained.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from contracts.ingest import LogicalType


class ColumnMissing(ValueError):
    """A row says nothing of a column, not even that its value is missing."""

    def __init__(self, name: str) -> None:
        super().__init__(f"a row has no column {name!r}")


class ValueUnreadable(ValueError):
    """A value is not of its column's type."""

    def __init__(self, name: str, type_: LogicalType) -> None:
        super().__init__(f"the column {name!r} holds a value that is not of type {type_}")


def frame_of(rows: Sequence[Mapping[str, Any]], types: Mapping[str, LogicalType]) -> pd.DataFrame:
    """Return rows of JSON values as a frame of these columns.

    Raises:
        ColumnMissing: if a row lacks one.
        ValueUnreadable: if a value has another type.
    """
    for name in types:
        if any(name not in row for row in rows):
            raise ColumnMissing(name)
    values = {name: pd.Series([row[name] for row in rows], dtype=object) for name in types}
    return like_asked(pd.DataFrame(values), types)


def like_asked(features: pd.DataFrame, types: Mapping[str, LogicalType]) -> pd.DataFrame:
    """Return rows of a dataset version as they would be if they had been asked."""
    return pd.DataFrame({name: _read(features[name], name, type_) for name, type_ in types.items()})


def _read(values: pd.Series, name: str, type_: LogicalType) -> pd.Series:
    try:
        if type_ in {"date", "timestamp"}:
            known = values.where(values.notna(), None)
            moments = pd.to_datetime(known, utc=True, format="ISO8601" if values.dtype == object else None)
            return moments.dt.tz_localize(None)
        return pd.to_numeric(values).astype(float) if type_ in {"integer", "float"} else values.astype(object)
    except (ValueError, TypeError, OverflowError):
        raise ValueUnreadable(name, type_) from None
