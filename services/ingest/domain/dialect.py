"""How a delimited file is written: its delimiter, and the names in its header."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from services.ingest.domain.errors import DuplicateColumns, EmptyColumnName

DELIMITERS = ",;\t|"
_RECORDS = 100
_LONGEST = 2**31 - 1
"""Characters of a value: no limit, since the reader has its own."""


@dataclass(frozen=True)
class Dialect:
    """What the reader must be told about a file."""

    delimiter: str
    names: tuple[str, ...]


def dialect_of(sample: str) -> Dialect:
    """Return the dialect of a file that begins with ``sample``.

    The delimiter is the one that cuts most records into as many values as the header, and into more than one.

    Raises:
        DuplicateColumns, EmptyColumnName: if the header cannot name the columns.
    """
    delimiter = max(DELIMITERS, key=lambda d: (_agreement(sample, d), -DELIMITERS.index(d)))
    return Dialect(delimiter, named(next(rows_of(_lines(sample), delimiter), [])))


def rows_of(text: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the records of a text as their values; blank lines are left out."""
    csv.field_size_limit(_LONGEST)
    return filter(None, csv.reader(text, delimiter=delimiter))


def named(header: Sequence[str]) -> tuple[str, ...]:
    """Return the columns' names, without blanks around them.

    Raises:
        DuplicateColumns, EmptyColumnName: if they cannot name the columns.
    """
    names = tuple(name.strip() for name in header)
    empty = [position for position, name in enumerate(names, 1) if not name]
    if empty:
        raise EmptyColumnName(empty)
    repeated = {folded for folded, count in Counter(map(str.casefold, names)).items() if count > 1}
    if repeated:
        raise DuplicateColumns(name for name in names if name.casefold() in repeated)
    return names


def _agreement(sample: str, delimiter: str) -> float:
    rows = list(islice(rows_of(_lines(sample), delimiter), _RECORDS))
    width = len(rows[0]) if rows else 0
    if width < 2:
        return 0.0
    return sum(len(row) == width for row in rows) / len(rows) + width / 1_000_000


def _lines(sample: str) -> Iterable[str]:
    return io.StringIO(sample, newline="")
