"""What a column of values holds, and what it is kept as: what was seen is added up, so its order does not matter."""

import datetime as dt
import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from services.ingest.domain.kinds import DATE, INSTANT, TIMESTAMP, Kind

_INT64 = range(-(2**63), 2**63)
_EXACT_IN_DOUBLE = 2**53
_PATTERNS = {Kind.DATE: re.compile(DATE), Kind.TIMESTAMP: re.compile(TIMESTAMP), Kind.INSTANT: re.compile(INSTANT)}
_NESTED = (dict, list)
_SAID = {
    bool: "booleans",
    int: "integers",
    float: "floats",
    str: "text",
    dict: "objects",
    list: "lists",
    dt.date: "dates",
    dt.datetime: "timestamps",
    dt.time: "times of day",
    dt.timedelta: "durations",
}


class Literal(float):
    """A number that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> "Literal":
        """Read a number."""
        literal = super().__new__(cls, text)
        literal.text = text
        return literal


class Observed:
    """All that has been seen of one column."""

    def __init__(self) -> None:
        self._types: set[type] = set()
        self._moments = list(_PATTERNS)
        """What each text so far may be read as."""
        self._least = self._most = 0
        self._endless = False

    def add(self, values: Sequence[Any]) -> None:
        """Take in more values; None is a missing one."""
        types = set(map(type, values))
        self._types |= types - {type(None)}
        if int in types:
            integers = [value for value in values if type(value) is int]
            self._least, self._most = min(self._least, *integers, 0), max(self._most, *integers, 0)
        if float in types:
            self._endless |= any(type(value) is float and math.isinf(value) for value in values)
        if str in types and self._moments:
            texts = [value for value in values if type(value) is str]
            self._moments = [kind for kind in self._moments if all(_moment(text, kind) is not None for text in texts)]

    @property
    def kind(self) -> Kind:
        """What the column is kept as: what holds each of its values as it is, or text."""
        types = self._types
        if types == {bool}:
            return Kind.BOOLEAN
        if types == {int}:
            return Kind.EXACT if self._least in _INT64 and self._most in _INT64 else Kind.STRING
        if types and types <= {int, float}:
            return Kind.STRING if self._endless or not self._exact else Kind.FLOAT
        if types == {str}:
            return self._moments[0] if self._moments else Kind.STRING
        if types and types <= {dt.date, dt.datetime}:
            return Kind.DATE if types == {dt.date} else Kind.TIMESTAMP
        return Kind.STRING

    @property
    def as_written(self) -> bool:
        """Whether values that are no text become text, so that it matters how they were written."""
        return self.kind is Kind.STRING and not self._types <= {str}

    def note(self, name: str) -> str | None:
        """Return what a person should know about the column ``name``; None if its values are kept as they are."""
        if not self.as_written:
            return None
        if self._types <= {*_NESTED}:
            return f"The column {name} is text: its values are lists or objects, and are kept as JSON."
        if self._types == {int}:
            return f"The column {name} is text: it holds integers beyond 64 bits."
        if self._types <= {int, float}:
            beyond = (
                "numbers that are infinite or too large for a float"
                if self._endless
                else "fractions beside integers beyond 2^53"
            )
            return f"The column {name} is text: it holds {beyond}."
        kinds = " and ".join(said for type_, said in _SAID.items() if type_ in self._types)
        return f"The column {name} is text: it holds {kinds}."

    @property
    def _exact(self) -> bool:
        return max(-self._least, self._most) <= _EXACT_IN_DOUBLE


def kept(values: Iterable[Any], kind: Kind) -> list[Any]:
    """Return values as a column of ``kind`` keeps them."""
    match kind:
        case Kind.FLOAT:
            return [None if value is None else float(value) for value in values]
        case Kind.DATE | Kind.TIMESTAMP | Kind.INSTANT:
            return [None if value is None else _as_moment(value, kind) for value in values]
        case Kind.STRING:
            return [value if value is None or type(value) is str else as_text(value) for value in values]
        case _:
            return list(values)


def as_text(value: Any) -> str:
    """Return a value as text that loses nothing of it.

    >>> as_text(Literal("1e400")), as_text(True), as_text([1, {"a": None}])
    ('1e400', 'true', '[1, {"a": null}]')
    """
    match value:
        case Literal():
            return value.text
        case dict():
            return "{" + ", ".join(f"{_quoted(key)}: {_inner(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_inner, value)) + "]"
        case dt.date() | dt.time() | dt.timedelta():
            return str(value)
        case _:
            return json.dumps(value)


def _inner(value: Any) -> str:
    return _quoted(value) if isinstance(value, str) else as_text(value)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _as_moment(value: Any, kind: Kind) -> dt.date | None:
    if type(value) is str:
        return _moment(value, kind)
    if kind is Kind.TIMESTAMP and type(value) is dt.date:
        return dt.datetime.combine(value, dt.time.min)
    assert isinstance(value, dt.date), "no other kind of value makes a column of moments"
    return value


def _moment(text: str, kind: Kind) -> dt.date | None:
    """Return the date, the timestamp or the instant that a text says; None if it says none."""
    if not _PATTERNS[kind].fullmatch(text):
        return None
    try:
        if kind is Kind.DATE:
            return dt.date.fromisoformat(text)
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(dt.UTC) if kind is Kind.INSTANT else moment
    except (ValueError, OverflowError):
        return None
