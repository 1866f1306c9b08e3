"""Rows of a CSV file as the serving API takes them: each value in its column's type."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from contracts.ingest import Column, LogicalType
from ui.cli.exits import WrongUsage

Row = dict[str, Any]

_MISSING = frozenset({"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"})
_TRUTHS = {"true": True, "false": False, "1": True, "0": False}


def rows_of_csv(rows: Iterable[Mapping[str, str | None]], features: Iterable[Column]) -> list[Row]:
    """Return rows of text with the features in their types; columns that are no features are left out.

    Raises:
        WrongUsage: naming the line, the column and the value that does not fit.
    """
    columns = tuple(features)
    return [
        {column.name: _value(row.get(column.name), column, line) for column in columns if column.name in row}
        for line, row in enumerate(rows, start=2)
    ]


def _value(text: str | None, column: Column, line: int) -> Any:
    if text is None or text.strip() in _MISSING:
        return None
    try:
        return _READ[column.type](text.strip())
    except (ValueError, KeyError):
        raise WrongUsage(f"line {line}: column {column.name} has {text!r}, which is no {column.type}.") from None


def _whole(text: str) -> int:
    """Return a whole number; spreadsheets and pandas write it as ``1997.0`` where the column has gaps."""
    number = float(text)
    if not number.is_integer():
        raise ValueError(text)
    return int(text) if text.lstrip("+-").isdigit() else int(number)


_READ: Mapping[LogicalType, Callable[[str], Any]] = {
    "integer": _whole,
    "float": float,
    "boolean": lambda text: _TRUTHS[text.lower()],
    "string": str,
    "date": str,
    "timestamp": str,
}
