"""Cells in lines and columns, the darker the more: an HTML table, so that it is read cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Cell:
    """One cell."""

    text: str
    share: float
    """How strongly it is coloured, from -1 to 1; below 0 in the other colour."""
    told: str = ""
    """What a pointer on it is told."""


def grid(corner: str, columns: Sequence[str], lines: Sequence[tuple[str, Sequence[Cell]]], label: str) -> str:
    """Return the cells as HTML, with the names of lines on the left; ``corner`` says what lines and columns are."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(f'<tr><th scope="row">{escape(name)}</th>{"".join(map(_cell, cells))}</tr>' for name, cells in lines)
    return (
        f'<div class="scroll" tabindex="0"><table class="cells" aria-label="{escape(label)}">'
        f"<thead><tr><td>{escape(corner)}</td>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(cell: Cell) -> str:
    style = "more" if cell.share >= 0 else "less"
    strength = round(100 * min(abs(cell.share), 1))
    return f'<td class="{style}" style="--of:{strength}%" title="{escape(cell.told)}">{escape(cell.text)}</td>'
