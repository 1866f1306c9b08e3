"""The columns of several files as those of one table, by their names."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

import pyarrow as pa

from services.ingest.domain.dialect import named
from services.ingest.domain.many_errors import NothingInCommon, TypesDiffer

_WIDER = {
    frozenset({pa.int64(), pa.float64()}): pa.float64(),
    frozenset({pa.date32(), pa.timestamp("us")}): pa.timestamp("us"),
}


def joined_columns(files: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the columns of all ``files``, those of the first in front.

    Raises:
        NothingInCommon: if a file has none of those before it.
        DuplicateColumns: if two differ in capitals only.
    """
    names: dict[str, None] = {}
    first = next(iter(files))
    for file, columns in files.items():
        if names and names.keys().isdisjoint(columns):
            raise NothingInCommon(first, file)
        names.update(dict.fromkeys(columns))
    return named(tuple(names))


def joined_schema(files: Mapping[str, pa.Schema]) -> pa.Schema:
    """Return the types that hold every value of the canonical ``files``; a column of nulls has no say.

    Raises:
        TypesDiffer: if no type does; naming two files.
    """
    kept: dict[str, tuple[pa.DataType, str]] = {}
    for file, schema in files.items():
        for field in schema:
            if not pa.types.is_null(field.type):
                kept[field.name] = _wider(field.name, kept.get(field.name), (field.type, file))
    names = joined_columns({file: schema.names for file, schema in files.items()})
    return pa.schema([(name, kept[name][0] if name in kept else pa.string()) for name in names])


def missing_notes(files: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return a note for each column that not every file has.

    >>> missing_notes({"a.csv": ("n", "m"), "b.csv": ("n",)})
    ('The column m is missing in 1 of 2 files; their rows have no value there.',)
    """
    counts = Counter(chain.from_iterable(files.values()))
    return tuple(
        f"The column {name} is missing in {len(files) - count} of {len(files)} files; their rows have no value there."
        for name, count in counts.items()
        if count < len(files)
    )


def _wider(column: str, one: tuple[pa.DataType, str] | None, other: tuple[pa.DataType, str]) -> tuple[pa.DataType, str]:
    if one is None or one[0] == other[0]:
        return one or other
    wider = _WIDER.get(frozenset({one[0], other[0]}))
    if wider is None:
        raise TypesDiffer(column, one[1], str(one[0]), other[1], str(other[0]))
    return one if one[0] == wider else other
