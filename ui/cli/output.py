"""How verbs print: tables for people, JSON for programs."""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

console = Console(highlight=False)


def print_json(value: BaseModel) -> None:
    """Print a value as JSON on stdout, and nothing else."""
    sys.stdout.write(value.model_dump_json(indent=2) + "\n")


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> None:
    """Print rows as a table, or the sentence ``empty`` if there is none."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.startswith(">") else "left"
        table.add_column(column.lstrip(">"), justify=justify, no_wrap=True)
    for row in rows:
        table.add_row(*row)
    console.print(table if table.row_count else empty)


def when(moment: datetime | None) -> str:
    """Return a moment in the person's own time zone."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M:%S") if moment else ""


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
