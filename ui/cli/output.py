"""How verbs print: tables for people, JSON for programs."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

_WIDE = 200


def terminal(*, stderr: bool = False) -> Console:
    """Return the terminal; what is no terminal, such as a file, is as wide as any table."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(highlight=False, stderr=stderr, width=None if stream.isatty() else _WIDE)


def print_json(value: BaseModel) -> None:
    """Print a value as JSON on stdout, and nothing else."""
    sys.stdout.write(value.model_dump_json(indent=2) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> None:
    """Print rows as a table, or the sentence ``empty`` if there is none."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    told = list(rows)
    for number, column in enumerate(columns):
        justify: Literal["left", "right"] = "right" if column.startswith(">") else "left"
        # What comes first is a name that the next command may need: it is shown whole, however narrow the screen.
        width = max((len(row[0]) for row in told), default=0) if number == 0 else None
        table.add_column(column.lstrip(">"), justify=justify, no_wrap=True, min_width=width)
    for row in told:
        table.add_row(*row)
    terminal().print(table if table.row_count else empty)


def when(moment: datetime | None) -> str:
    """Return a moment in the person's own time zone."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "row"), counted(2000, "row")
    ('1 row', '2,000 rows')
    """
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def duration(seconds: float) -> str:
    """Return seconds as people say them.

    >>> duration(0.0123), duration(42.25), duration(125)
    ('12 ms', '42.2 s', '2 min 5 s')
    """
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds) // 60} min {int(seconds) % 60} s"
