"""What the values of a column are to a reader of figures: numbers in an order, or categories; and their words."""

from typing import Any

import numpy as np
import pandas as pd

_DAY = pd.Timedelta(days=1)


def ordered(values: pd.Series) -> pd.Series | None:
    """Return the values as numbers whose order means something, moments as days since 1970; None for categories.

    What is missing is nan, and so is an infinite number. Truth values are categories.

    >>> ordered(pd.Series([3, None])).tolist(), ordered(pd.Series(["a", "b"])) is None
    ([3.0, nan], True)
    """
    if pd.api.types.is_bool_dtype(values.dtype):
        return None
    if pd.api.types.is_numeric_dtype(values.dtype):
        numbers = values.astype(float)
        return numbers.where(np.isfinite(numbers), np.nan)
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        return _days(values)
    known = values.dropna()
    kind = pd.api.types.infer_dtype(known, skipna=False)
    if kind in {"date", "datetime"}:
        return _days(values.where(values.notna(), None))
    return values.astype(float) if len(known) and kind in {"integer", "floating", "mixed-integer-float"} else None


def said(value: Any) -> str:
    """Return a value as people read it.

    >>> said(0.1 + 0.2), said(True), said(pd.Timestamp("2024-02-01")), said(None)
    ('0.3', 'True', '2024-02-01', '(missing)')
    """
    if pd.isna(value):
        return "(missing)"
    if isinstance(value, float | np.floating):
        return f"{value:.6g}"
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return text.removesuffix("T00:00:00")


def _days(values: pd.Series) -> pd.Series:
    moments = pd.to_datetime(values, utc=True)
    return ((moments - pd.Timestamp(0, tz="UTC")) / _DAY).astype(float)
