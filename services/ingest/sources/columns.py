"""Columns that a database gives, each as the expression that loses nothing on its way into a table."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.ingest.domain.statement import name, within


@dataclass(frozen=True)
class Column:
    """A column of a query."""

    name: str
    kind: str
    """Its type, as the database calls it."""
    precision: int | None = None
    """Digits of an exact number; None if it is none, or has no bound."""
    scale: int | None = None
    """Those of them behind the point."""

    @property
    def surely_integer(self) -> bool:
        """Say whether 64 bits hold any number of its digits."""
        return self.scale == 0 and self.precision is not None and self.precision <= 18

    @property
    def surely_float(self) -> bool:
        """Say whether a float gives back any number of its digits."""
        return self.scale is not None and self.scale > 0 and self.precision is not None and self.precision <= 15


@dataclass(frozen=True)
class Chosen:
    """How a column is asked for."""

    column: str
    expression: str
    note: str | None = None
    """What a person should know about it."""


def projection(chosen: Iterable[Chosen], query: str) -> str:
    """Return the query for the columns as they were chosen."""
    columns = ", ".join(f"{one.expression} AS {name(one.column)}" for one in chosen)
    return f"SELECT {columns} FROM {within(query)}"  # noqa: S608 - names are quoted, the query is what was asked


def notes_of(chosen: Sequence[Chosen]) -> tuple[str, ...]:
    """Return what is to be known about the columns: one sentence for those that merely became text."""
    return tuple(one.note for one in chosen if one.note is not None)


def as_text(column: Column, why: str, instead: str) -> str:
    """Return the note on a column that is kept as text, so that nothing is lost."""
    return f"{column.name} ({column.kind}) is kept as text: {why}. {instead}"


TOO_LONG = "it holds numbers of more digits than a float or an integer keeps"
"""Why an exact number becomes text."""


def rounding(column: Column) -> str:
    """Return how an exact number is read nevertheless."""
    return f"To have it rounded, ask for CAST({name(column.name)} AS double precision) in a query."
