"""The numbers that figures are drawn from: to be read below them, and kept to the last digit."""

import json
from collections.abc import Sequence
from html import escape
from math import isfinite, isnan
from typing import Any

from ui.report.numbers import shown
from ui.report.table import Table

MOST_LINES = 200
"""Rows of a table that are shown; all of them can be saved."""


def table_below(table: Table) -> str:
    """Return a table to open, rounded for reading."""
    head = "".join(f'<th scope="col"{_end(values)}>{escape(name)}</th>' for name, values in table.columns.items())
    body = "".join(map(_line, zip(*table.first(MOST_LINES).columns.values(), strict=True)))
    rows = f"{len(table):,} {'row' if len(table) == 1 else 'rows'}"
    left = f" The first {MOST_LINES:,} are shown." if len(table) > MOST_LINES else ""
    return (
        f"<details><summary>Table <code>{escape(table.name)}</code> · {rows}</summary>"
        f'<p class="note">Rounded for reading.{left} '
        f'<button type="button" data-save="{escape(table.name)}">Save all as CSV, to the last digit</button></p>'
        f'<div class="scroll" tabindex="0"><table aria-label="{escape(table.name)}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></details>"
    )


def table_kept(table: Table) -> str:
    """Return a table as JSON in the page, as the object store has it: a number that is missing or undefined is null."""
    columns = {name: [_kept(value) for value in values] for name, values in table.columns.items()}
    # What ends a script, or begins a comment in it, must not stand in one.
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")
    return f'<script type="application/json" data-table="{escape(table.name)}">{text}</script>'


def _kept(value: Any) -> Any:
    """Return a value as JSON has it: a number to the last digit, what JSON has no word for in one of our own."""
    if isinstance(value, float) and not isfinite(value):
        return None if isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value.isoformat() if hasattr(value, "isoformat") else value


def _line(values: Sequence[Any]) -> str:
    return "<tr>" + "".join(f"<td{_end([value])}>{escape(shown(value, 6))}</td>" for value in values) + "</tr>"


def _end(values: Sequence[Any]) -> str:
    """Return the mark of a column of numbers, which stand on its right."""
    numbers = any(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    return " class=end" if numbers else ""
