"""Why one row was answered as it was, drawn for the terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

Line = Mapping[str, Any]
_HALF = 14
"""Characters of the longest bar, on either side."""
_EIGHTHS = " ▏▎▍▌▋▊▉"
_MOST_VALUE = 32


def of_output(lines: Sequence[Line]) -> list[Line]:
    """Return the lines of the row's first output, the largest share first.

    >>> told = [("a", 0.1), ("b", 2.0), ("a", -3.0)]
    >>> lines = [{"output": output, "contribution": share} for output, share in told]
    >>> [line["contribution"] for line in of_output(lines)]
    [-3.0, 0.1]
    """
    chosen = [line for line in lines if line["output"] == lines[0]["output"]]
    return sorted(chosen, key=lambda line: -abs(line["contribution"]))


def told_of(line: Line) -> str:
    """Return the sentence that says how to read a row's shares, from any line of them.

    >>> told_of({"output": "yes", "unit": "probability", "prediction": 0.75, "base": 0.5})
    'The probability of yes is 0.75, and 0.5 on average over usual rows. The shares add up to the difference, +0.25.'
    """
    what = line["unit"] if line["output"] == line["unit"] else f"{line['unit']} of {line['output']}"
    if not line["base"]:
        return f"The {what} is {_number(line['prediction'])}. The shares add up to it."
    difference = _number(line["prediction"] - line["base"], sign=True)
    usual = f"The {what} is {_number(line['prediction'])}, and {_number(line['base'])} on average over usual rows."
    return f"{usual} The shares add up to the difference, {difference}."


def drawn(lines: Sequence[Line]) -> Table:
    """Return the lines as a table, each share with a bar: to the right it raises the answer."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in ("FEATURE", "VALUE"):
        table.add_column(column, overflow="fold")
    for column in ("SHARE", "STD. ERROR"):
        table.add_column(column, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    most = max((abs(line["contribution"]) for line in lines), default=0.0)
    for line in lines:
        share, error = line["contribution"], line["standard_error"]
        words = (Text(str(line["feature"])), Text(_short(str(line["value"]))))
        table.add_row(*words, _number(share, sign=True), "" if error is None else _number(error), _bar(share, most))
    return table


def _bar(share: float, most: float) -> Text:
    """Return the bar of a share: the longest one for ``most``."""
    if not most:
        return Text("")
    eighths = round(8 * _HALF * abs(share) / most)
    whole, part = divmod(eighths, 8)
    if share < 0:
        return Text.assemble((("█" * whole).rjust(_HALF), "yellow"), "│")
    return Text.assemble(" " * _HALF, "│", ("█" * whole + (_EIGHTHS[part] if part else ""), "cyan"))


def _number(number: float, *, sign: bool = False) -> str:
    text = f"{number:{'+' if sign else ''}.4g}"
    return text if "e" not in text or abs(number) >= 1e6 or abs(number) < 1e-4 else f"{number:,.0f}"


def _short(value: str) -> str:
    return value if len(value) <= _MOST_VALUE else f"{value[: _MOST_VALUE - 1]}…"
