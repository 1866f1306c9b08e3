"""The profile of a dataset version: what each of its columns looks like, kept as an object that the version names."""

from typing import Literal

from contracts.ingest import LogicalType
from contracts.message import Value

ColumnKind = Literal["empty", "constant", "id", "date", "number", "boolean", "category", "text"]
PersonalKind = Literal["email", "phone", "ssn", "iban", "card", "name"]

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
"""The shares of rows that the quantiles of a column are of."""


class Histogram(Value):
    """How many rows lie between which values; together they are the column's rows with a finite value."""

    edges: tuple[float, ...]
    """Where bins begin, and where the last one ends; a bin has its lower edge, the last one both."""
    counts: tuple[int, ...]
    """Rows of each bin: one less than there are edges."""


class Numbers(Value):
    """A column's values as numbers: dates and timestamps are seconds since 1970 in UTC. Infinite ones are left out."""

    low: float | None
    """The least value; None where it may be personal, or if there is none."""
    high: float | None
    """The greatest value; None where the least one is."""
    mean: float | None
    """Their mean."""
    deviation: float | None
    """Their standard deviation; None for fewer than two."""
    quantiles: tuple[float, ...]
    """The values below which 1, 5, 25, 50, 75, 95 and 99 % of the rows lie; of a sample beyond a million rows."""
    histogram: Histogram | None
    """How they are spread; None where the least one is."""


class Lengths(Value):
    """How long a column's texts are, in characters."""

    mean: float
    """Their mean."""
    longest: int
    """Of the longest text."""


class FrequentValue(Value):
    """A value that many rows have."""

    value: str
    """The value, as text."""
    rows: int
    """How many rows have it."""


class PersonalHint(Value):
    """Why a column may hold what tells of persons; never a value of it."""

    kind: PersonalKind
    """What its values look like, or what its name says."""
    by_name: bool
    """Whether its name says so."""
    matched: int
    """How many of the values that were looked at look like it."""
    sampled: int
    """How many values were looked at."""


class ColumnProfile(Value):
    """What one column looks like."""

    name: str
    """The column's name in the file."""
    type: LogicalType
    """The type that all its values have."""
    kind: ColumnKind
    """What it seems to be: an id has another value in every row, a category few values, a text many."""
    missing: int
    """Rows without a value."""
    distinct: int
    """How many different values it has."""
    estimated: bool
    """Whether ``distinct`` is an estimate: beyond a million rows, of more than some 10,000 values."""
    infinite: int = 0
    """Rows whose value is infinite."""
    numbers: Numbers | None = None
    """Of numbers, dates and timestamps."""
    lengths: Lengths | None = None
    """Of texts."""
    frequent: tuple[FrequentValue, ...] = ()
    """The most frequent values, if there are few different ones; none where they may be personal."""
    personal: PersonalHint | None = None
    """A hint that the column tells of persons; None if there is none."""


class Profile(Value):
    """What a dataset version looks like: the same for the same content."""

    rows: int
    columns: tuple[ColumnProfile, ...]
