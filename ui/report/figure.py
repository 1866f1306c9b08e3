"""What a report is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

from ui.report.table import Table

Tables = Mapping[str, Table]
LEADS = ("lead-0", "lead-1", "lead-2", "lead-3")
"""Colours that stay apart for colour-blind eyes."""


@dataclass(frozen=True)
class Figure:
    """A drawing, what it tells, and the tables that it is drawn from."""

    title: str
    reading: str
    """How to read it, in a sentence or two."""
    drawing: str
    """SVG, or a table of HTML."""
    tables: tuple[str, ...]
    """Names of tables whose numbers stand below it."""
    legend: tuple[tuple[str, str], ...] = ()
    """What its colours are, each with its class of the style sheet."""
    wide: bool = False
    """Whether it needs the whole width."""


@dataclass(frozen=True)
class Section:
    """Figures that answer one question."""

    title: str
    figures: tuple[Figure, ...]
    reading: str = ""
    """How to read all of them."""


def coloured(names: list[str]) -> dict[str, str]:
    """Return a colour for each name: the first four have their own, and the others share a quiet one.

    >>> coloured(["a", "b"])
    {'a': 'lead-0', 'b': 'lead-1'}
    """
    return {name: LEADS[place] if place < len(LEADS) else "others" for place, name in enumerate(names)}
