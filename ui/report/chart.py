"""A figure with two axes, in SVG: light, dark and sizes are the style sheet's, so the drawing knows classes only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any, Self

from ui.report.numbers import brief, known, reach, ticks

LEFT, RIGHT, TOP, BOTTOM = 46, 12, 10, 40
Point = tuple[Any, Any]


@dataclass(frozen=True)
class Axis:
    """What runs along one side."""

    label: str
    low: float
    high: float
    marks: tuple[tuple[float, str], ...]
    """Where it is marked, and with what."""

    @classmethod
    def over(cls, label: str, values: Iterable[Any], *, zero: bool = False) -> Self:
        """Return an axis that holds ``values``."""
        return cls.between(label, *reach(values, zero=zero))

    @classmethod
    def between(cls, label: str, low: float, high: float) -> Self:
        """Return an axis from ``low`` to ``high``."""
        return cls(label, low, high, tuple((mark, brief(mark)) for mark in ticks(low, high)))

    @classmethod
    def of_names(cls, label: str, names: Sequence[str]) -> Self:
        """Return an axis with a place for each name: 0, 1 and so on."""
        return cls(label, -0.5, len(names) - 0.5, tuple((place, name) for place, name in enumerate(names)))


SHARE = (-0.02, 1.02)
"""Where an axis of shares begins and ends."""


class Chart:
    """Marks between two axes; what is missing is left out, and a line is broken there."""

    def __init__(self, x: Axis, y: Axis, width: int = 360, height: int = 240) -> None:
        self._x, self._y = x, y
        self._width, self._height = width, height
        self._marks: list[str] = []

    def line(self, points: Iterable[Point], style: str) -> Self:
        """Join points."""
        for together, part in groupby(points, key=lambda point: known(point[0]) and known(point[1])):
            if together:
                self._path("M" + "L".join(self._at(*point) for point in part), f"line {style}")
        return self

    def band(self, edges: Iterable[tuple[Any, Any, Any]], style: str) -> Self:
        """Fill what lies between a lower and an upper line, from (x, low, high)."""
        whole = [edge for edge in edges if all(map(known, edge))]
        if whole:
            there = "L".join(self._at(x, high) for x, _, high in whole)
            back = "L".join(self._at(x, low) for x, low, _ in reversed(whole))
            self._path(f"M{there}L{back}Z", f"area {style}")
        return self

    def dots(self, points: Iterable[Point], style: str) -> Self:
        """Draw points, all as one path, for there may be thousands."""
        self._path("".join(f"M{self._at(x, y)}h0" for x, y in points if known(x) and known(y)), f"dots {style}")
        return self

    def whiskers(self, ends: Iterable[tuple[Any, Any, Any]], style: str) -> Self:
        """Draw upright intervals, from (x, low, high)."""
        drawn = (f"M{self._at(x, low)}L{self._at(x, high)}" for x, low, high in ends if all(map(known, (x, low, high))))
        self._path("".join(drawn), f"line {style}")
        return self

    def bars(self, boxes: Iterable[tuple[Any, Any, Any, Any]], style: str) -> Self:
        """Fill boxes, from (left, right, bottom, top)."""
        for left, right, bottom, top in boxes:
            if all(map(known, (left, right, bottom, top))):
                corners = "L".join(self._at(*at) for at in ((left, bottom), (left, top), (right, top), (right, bottom)))
                self._path(f"M{corners}Z", f"area {style}")
        return self

    def across(self, height: Any, style: str = "rule") -> Self:
        """Draw a level line."""
        return self.line([(self._x.low, height), (self._x.high, height)], style)

    def svg(self, label: str) -> str:
        """Return the figure; ``label`` is what it is to those who hear it."""
        frame = f'<svg viewBox="0 0 {self._width} {self._height}" role="img" aria-label="{escape(label)}">'
        return f"{frame}{self._axes()}{''.join(self._marks)}</svg>"

    def _path(self, path: str, style: str) -> None:
        if path:
            self._marks.append(f'<path class="{style}" d="{path}"/>')

    def _at(self, x: float, y: float) -> str:
        return f"{self._across(x):.1f} {self._up(y):.1f}"

    def _across(self, x: float) -> float:
        share = (x - self._x.low) / ((self._x.high - self._x.low) or 1)
        return LEFT + _within(share) * (self._width - LEFT - RIGHT)

    def _up(self, y: float) -> float:
        share = (y - self._y.low) / ((self._y.high - self._y.low) or 1)
        return self._height - BOTTOM - _within(share) * (self._height - TOP - BOTTOM)

    def _axes(self) -> str:
        right, bottom = self._width - RIGHT, self._height - BOTTOM
        levels = "".join(
            f'<path class="grid" d="M{LEFT} {self._up(mark):.1f}H{right}"/>'
            f'<text class="end" x="{LEFT - 6}" y="{self._up(mark) + 3.5:.1f}">{escape(_cut(text, 7))}</text>'
            for mark, text in self._y.marks
        )
        room = max(3, round((right - LEFT) / max(len(self._x.marks), 1) / 6.2))
        places = "".join(
            f'<text class="mid" x="{self._across(mark):.1f}" y="{bottom + 15}">{escape(_cut(text, room))}</text>'
            for mark, text in self._x.marks
        )
        middle = (TOP + bottom) / 2
        return (
            f"{levels}{places}"
            f'<text class="mid name" x="{(LEFT + right) / 2:.0f}" y="{self._height - 6}">{escape(self._x.label)}</text>'
            f'<text class="mid name" transform="translate(9 {middle:.0f}) rotate(-90)">{escape(self._y.label)}</text>'
        )


def _within(share: float) -> float:
    """Return a share of an axis; what lies outside is drawn at its edge."""
    return min(max(share, 0.0), 1.0)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
