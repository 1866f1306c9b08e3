"""Rows as the serving API takes them, out of a CSV file or of a line of JSON."""

import json
import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Never

from contracts.ingest import Column, LogicalType
from ui.cli.csv_file import CsvRow
from ui.cli.exits import WrongUsage

Row = dict[str, Any]

_MISSING = frozenset({"", "NA", "N/A", "NaN", "nan", "null", "NULL", "None"})
_TRUTHS = {"true": True, "false": False, "1": True, "0": False}


def rows_of_csv(rows: Iterable[CsvRow], features: Iterable[Column]) -> list[Row]:
    """Return rows of text with the features in their types; columns that are no features are left out.

    Raises:
        WrongUsage: naming the line, the column and the value that does not fit.
    """
    columns = tuple(features)
    return [{c.name: _value(row.values[c.name], c, row.line) for c in columns if c.name in row.values} for row in rows]


def row_of_json(text: str) -> Row:
    """Return the row that a JSON object is.

    Raises:
        WrongUsage: if it is none, or holds a number that JSON has not.
    """
    try:
        row = json.loads(text, parse_constant=_no_number, parse_float=_json_float)
    except json.JSONDecodeError as error:
        raise WrongUsage(
            f"--row is no JSON: {error}. Write column and value pairs, such as '{{\"age\": 41}}'."
        ) from None
    if not isinstance(row, dict):
        raise WrongUsage("--row is no JSON object; write column and value pairs, such as '{\"age\": 41}'.")
    return row


def _json_float(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _no_number(text: str) -> Never:
    raise WrongUsage(f"--row has {text}, which is no number that JSON can hold. Write null for a missing value.")


def _value(text: str, column: Column, line: int) -> Any:
    if text.strip() in _MISSING:
        return None
    try:
        return _READ[column.type](text.strip())
    except (ValueError, KeyError):
        raise WrongUsage(
            f"line {line}: column {column.name} has {text!r}, which is no {column.type}. "
            "Correct it, or write nothing for a missing value."
        ) from None


def _finite(text: str) -> float:
    """Return a number; JSON has none that is infinite."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _whole(text: str) -> int:
    """Return a whole number; spreadsheets and pandas write it as ``1997.0`` where the column has gaps."""
    number = _finite(text)
    if not number.is_integer():
        raise ValueError(text)
    return int(text) if text.lstrip("+-").isdigit() else int(number)


_READ: Mapping[LogicalType, Callable[[str], Any]] = {
    "integer": _whole,
    "float": _finite,
    "boolean": lambda text: _TRUTHS[text.lower()],
    "string": str,
    "date": str,
    "timestamp": str,
}
