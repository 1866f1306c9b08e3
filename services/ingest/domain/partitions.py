"""Columns that stand in folders' names, as ``year=2026/month=01/part-0.csv`` has two."""

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from services.ingest.domain.kinds import Kind, kind_of

_PAIR = re.compile(r"([^=]+)=(.*)")
_TWO_DIGITS = re.compile(r"\d{1,2}")
_NO_VALUE = "__HIVE_DEFAULT_PARTITION__"
_KEPT = {Kind.INTEGER, Kind.EXACT, Kind.FLOAT, Kind.DATE}


def partitions_of(name: str) -> Mapping[str, str]:
    """Return the columns in a file's folders, with their values; an empty one is missing.

    >>> partitions_of("year=2026/city=S%C3%A3o/rows.csv"), partitions_of("a=b.csv")
    ({'year': '2026', 'city': 'São'}, {})
    """
    pairs = filter(None, map(_PAIR.fullmatch, PurePosixPath(name).parts[:-1]))
    return {unquote(pair[1]).strip(): "" if pair[2] == _NO_VALUE else unquote(pair[2]) for pair in pairs}


def partition_kinds(found: Iterable[Mapping[str, str]]) -> dict[str, Kind]:
    """Return what each column in folders' names holds, in all of its values.

    Numbers of at most two digits are numbers, though a zero stand in front: months and days are written so.

    >>> partition_kinds([{"month": "01", "zip": "01234"}, {"month": "12", "zip": "98101"}])
    {'month': <Kind.INTEGER: 'integer'>, 'zip': <Kind.STRING: 'string'>}
    """
    values: dict[str, set[str]] = {}
    for each in found:
        for name, value in each.items():
            values.setdefault(name, set()).add(value)
    return {name: _kind(name, cells) for name, cells in values.items()}


def _kind(name: str, cells: set[str]) -> Kind:
    if all(map(_TWO_DIGITS.fullmatch, cells - {""})) and cells != {""}:
        return Kind.INTEGER
    kind = kind_of(name, cells)
    return kind if kind in _KEPT and kind is not None else Kind.STRING
