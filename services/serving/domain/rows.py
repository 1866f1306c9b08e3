"""Are these rows what the model takes? A value is missing, or of its column's type; it is never guessed."""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from types import MappingProxyType
from typing import Any

from contracts.ingest import LogicalType
from services.serving.domain.errors import Problem, RowsRefused

Columns = dict[str, list[Any]]
"""Values by column, None where one is missing."""

_FIRST_YEAR, _LAST_YEAR = 1678, 2261
"""What a timestamp of nanoseconds can hold."""


def checked(rows: Sequence[Mapping[str, Any]], types: Mapping[str, LogicalType]) -> Columns:
    """Return the rows column by column, each value as the model's column wants it.

    Raises:
        RowsRefused: if a column is missing or unknown, or a value has another type.
    """
    problems: list[Problem] = []
    columns: Columns = {name: [] for name in types}
    for index, row in enumerate(rows):
        problems += [Problem(index, name, "no such column", _shown(row[name])) for name in row if name not in types]
        for name, kind in types.items():
            try:
                columns[name].append(_value(row, name, kind))
            except ValueError as error:
                problems.append(Problem(index, name, _EXPECTED[kind], str(error)))
    if problems:
        raise RowsRefused(problems)
    return columns


def _value(row: Mapping[str, Any], name: str, kind: LogicalType) -> Any:
    try:
        value = row[name]
    except KeyError:
        raise ValueError("no such column in the row (say null if the value is missing)") from None
    if value is None:
        return None
    try:
        return _READERS[kind](value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(_shown(value)) from None


def _integer(value: Any) -> float:
    if float(_number(value)) != math.floor(value):
        raise ValueError
    return float(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError
    return float(value)


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _date(value: Any) -> str:
    moment = _moment(value)
    if moment.time() != time.min:
        raise ValueError
    return moment.date().isoformat()


def _timestamp(value: Any) -> str:
    return _moment(value).isoformat()


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError
    return moment


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    kind = {bool: "boolean", int: "number", float: "number", str: "string"}.get(type(value), "null")
    return f"{kind} {value!r}"[:80]


_READERS: Mapping[LogicalType, Callable[[Any], Any]] = MappingProxyType(
    {
        "integer": _integer,
        "float": _number,
        "boolean": _boolean,
        "string": _string,
        "date": _date,
        "timestamp": _timestamp,
    }
)

_EXPECTED: Mapping[LogicalType, str] = MappingProxyType(
    {
        "integer": "a whole number or null",
        "float": "a number or null",
        "boolean": "true, false or null",
        "string": "a string or null",
        "date": "a date such as 2026-11-24, or null",
        "timestamp": "a timestamp such as 2026-11-24T09:30:00, or null",
    }
)
