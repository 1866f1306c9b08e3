"""What a column of text holds, and what it is read as next when that proves too narrow."""

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from contracts.ingest import LogicalType

MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None")
"""What counts as no value, quoted or not."""

MISFITS = 100
"""A column keeps its type while at most one in this many of its values does not fit; such rows are listed."""

DATE = r"\d{4}-\d{2}-\d{2}"
TIMESTAMP = rf"{DATE}([ T]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d{{1,6}})?)?)?"
INSTANT = rf"{DATE}[ T]\d{{2}}:\d{{2}}(:\d{{2}}(\.\d{{1,6}})?)?(Z|[+-]\d{{2}}(:?\d{{2}})?)"

_NUMBER = re.compile(r" *[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)? *")
_NUMBER_WITH_COMMA = re.compile(r" *[+-]?\d+(\.\d{3})*(,\d+)* *")
_WHOLE = re.compile(r" *-?\d+ *")
_TEXT_IN_DIGITS = re.compile(r"\+\d+|[+-]?0\d+(\.\d*)?")
_PLAIN_WHOLE = re.compile(r"0|-?[1-9]\d*")
_PLAIN_DECIMAL = re.compile(r"-?(0|[1-9]\d*)\.(0|\d*[1-9])|0|-?[1-9]\d*")
_BOOLEAN = re.compile(r"true|false", re.IGNORECASE)
_IDENTIFIER = re.compile(
    r"(^|[^a-z])(id|ids|zip|zipcode|postcode|postal|code|phone|tel|ssn|isbn|ean|sku)($|[^a-z])", re.IGNORECASE
)
_EXACT_IN_DOUBLE = 2**53


class Kind(StrEnum):
    """How a column's text is read."""

    INTEGER = "integer"
    EXACT = "exact"
    """Integers that must keep every digit: identifiers, and those beyond 2**53."""
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    TIMESTAMP = "timestamp"
    INSTANT = "instant"
    """A timestamp with its offset from UTC."""
    STRING = "string"

    @property
    def type(self) -> LogicalType:
        """The logical type that the column gets."""
        return _TYPES[self]


_TYPES: dict[Kind, LogicalType] = {
    Kind.INTEGER: "integer",
    Kind.EXACT: "integer",
    Kind.FLOAT: "float",
    Kind.BOOLEAN: "boolean",
    Kind.DATE: "date",
    Kind.TIMESTAMP: "timestamp",
    Kind.INSTANT: "timestamp",
    Kind.STRING: "string",
}


def kind_of(name: str, cells: Iterable[str]) -> Kind | None:
    """Return what the column ``name`` with these ``cells`` holds; None if all of them are missing.

    Digits that are text stay text: ``007``, ``+49``, and a ``zip`` or ``id`` that a number would not give back.

    >>> kind_of("delay", ["2", "NA", "-11"]), kind_of("zip", ["01234", "98101"]), kind_of("note", [""])
    (<Kind.INTEGER: 'integer'>, <Kind.STRING: 'string'>, None)
    """
    counts = Counter(cells)
    for token in MISSING:
        counts.pop(token, None)
    total = counts.total()
    if not total:
        return None
    numbers = {cell: count for cell, count in counts.items() if _NUMBER.fullmatch(cell)}
    if total - sum(numbers.values()) <= total // MISFITS:
        return _number(numbers, identifier=_IDENTIFIER.search(_words(name)) is not None)
    if all(map(_BOOLEAN.fullmatch, counts)):
        return Kind.BOOLEAN
    return _moment(counts)


def comma_number(cells: Iterable[str]) -> str | None:
    """Return a number that is written with a comma, if all ``cells`` are numbers and some are written so.

    >>> comma_number(["1,5", "NA", "20"]), comma_number(["1.5", "2"]), comma_number(["1,5", "low"])
    ('1,5', None, None)
    """
    values = [cell for cell in cells if cell not in MISSING]
    if not all(map(_NUMBER_WITH_COMMA.fullmatch, values)):
        return None
    return next((value for value in values if "," in value), None)


def _number(cells: Iterable[str], *, identifier: bool) -> Kind:
    if any(map(_TEXT_IN_DIGITS.fullmatch, cells)):
        return Kind.STRING
    if identifier:
        if all(map(_PLAIN_WHOLE.fullmatch, cells)):
            return Kind.EXACT
        return Kind.FLOAT if all(map(_PLAIN_DECIMAL.fullmatch, cells)) else Kind.STRING
    if not all(map(_WHOLE.fullmatch, cells)):
        return Kind.FLOAT
    return Kind.INTEGER if all(abs(int(cell)) < _EXACT_IN_DOUBLE for cell in cells) else Kind.EXACT


def _moment(counts: Counter[str]) -> Kind:
    allowed = counts.total() // MISFITS
    if sum(count for cell, count in counts.items() if not re.fullmatch(DATE, cell)) <= allowed:
        return Kind.DATE
    if all(re.fullmatch(TIMESTAMP, cell) for cell in counts):
        return Kind.TIMESTAMP
    if all(re.fullmatch(INSTANT, cell) for cell in counts):
        return Kind.INSTANT
    return Kind.STRING


def _words(name: str) -> str:
    """``customerId`` and ``customer_id`` name the same thing."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
