"""Named values below each other, each as a dot with its interval on one shared axis."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from ui.report.numbers import brief, known, reach, shown, ticks

_WIDTH, _ROW, _NAMES, _VALUES = 360, 22, 168, 50


@dataclass(frozen=True)
class Strip:
    """One value with its name."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    style: str = "lead-0"
    told: str = ""
    """What a pointer on it is told, beside its numbers."""


def strips(rows: Sequence[Strip], label: str, *, marked: float | None = None, zero: bool = True) -> str:
    """Return the figure as SVG; ``marked`` is where a dashed line stands, such as what chance gives."""
    ends = [end for row in rows for end in (row.value, row.low, row.high)]
    low, high = reach([*ends, marked], zero=zero)
    height = _ROW * len(rows) + 26
    bottom = height - 26

    def across(value: float) -> float:
        return _NAMES + (value - low) / ((high - low) or 1) * (_WIDTH - _NAMES - _VALUES)

    grid = "".join(
        f'<path class="grid" d="M{across(mark):.1f} 0V{bottom}"/>'
        f'<text class="mid" x="{across(mark):.1f}" y="{bottom + 16}">{brief(mark)}</text>'
        for mark in ticks(low, high, 3)
    )
    line = f'<path class="line rule" d="M{across(marked):.1f} 0V{bottom}"/>' if known(marked) else ""
    drawn = "".join(_row(row, place * _ROW + _ROW / 2, across) for place, row in enumerate(rows))
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(label)}">{grid}{line}{drawn}</svg>'


def _row(row: Strip, middle: float, across: Callable[[float], float]) -> str:
    drawn = ""
    if known(row.low) and known(row.high):
        drawn += f'<path class="line {row.style}" d="M{across(row.low):.1f} {middle}H{across(row.high):.1f}"/>'
    if known(row.value):
        drawn += f'<circle class="{row.style}" cx="{across(row.value):.1f}" cy="{middle}" r="4"/>'
    interval = f" ({shown(row.low)} to {shown(row.high)})" if known(row.low) else ""
    told = " · ".join(filter(None, [f"{row.name}: {shown(row.value)}{interval}", row.told]))
    return (
        f"<g><title>{escape(told)}</title>"
        f'<text class="row" x="0" y="{middle + 4}">{escape(_short(row.name))}</text>{drawn}'
        f'<text class="end row" x="{_WIDTH}" y="{middle + 4}">{escape(shown(row.value, 3))}</text></g>'
    )


def _short(name: str, most: int = 24) -> str:
    """Return a name cut in its middle, for ends tell names apart.

    >>> _short("a_name_that_is_much_too_long_0001")
    'a_name_that_…o_long_0001'
    """
    return name if len(name) <= most else f"{name[: most // 2]}…{name[-(most // 2 - 1) :]}"
