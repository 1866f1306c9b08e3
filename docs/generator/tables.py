"""Markdown that several documents consist of."""

from collections.abc import Iterable, Sequence

NOTICE = "<!-- Made from the code by `make docs`; changes here are lost. -->"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; what would end a cell too early is escaped."""
    lines = [columns, ["---"] * len(columns), *([_cell(text) for text in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(*parts: str) -> str:
    """Return a document of these parts."""
    return "\n\n".join((NOTICE, *filter(None, parts))) + "\n"


def code(*texts: str) -> str:
    """Return each text as code, in one line."""
    return ", ".join(f"`{text}`" for text in texts)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
