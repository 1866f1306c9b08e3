"""Score against the time of one answer: the front as a staircase, who is on it labelled, the rest receding."""

from collections.abc import Sequence
from math import ceil, floor, log10
from typing import Any

from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, NumeralTickFormatter, Range1d
from bokeh.plotting import figure

from ui.web.figures.scale import padded, spread
from ui.web.figures.style import labels, plain_figure, short

HEIGHT = 248
PLOT = "pareto-plot"
STEPS = "pareto-steps"
DOTS = "pareto-dots"
LABELS = "pareto-labels"
RANGE = "pareto-range"
MILLISECONDS = "pareto-milliseconds"
TICKS = "pareto-ticks"

_LINE, _OTHERS, _TEXT = "line2", "ink3", "ink2"
"""Slots of what belongs to no leader."""
_LABEL_PIXELS = 15
_FRAME_PIXELS = HEIGHT - 50
_AIR = 1.6
"""By which factor the axis goes on beside the fastest and the slowest."""
_MOST_DECADES = 2
"""With more the axis has a tick for each power of ten only."""

_Point = dict[str, Any]


def pareto_figure() -> figure:
    """Return the figure, still empty."""
    steps = ColumnDataSource({name: [] for name in ("xs", "ys", "color")}, name=STEPS)
    dots = ColumnDataSource({name: [] for name in ("x", "y", "name", "cost", "dot", "color")}, name=DOTS)
    beside = ColumnDataSource({name: [] for name in ("x", "y", "text", "align", "color")}, name=LABELS)
    plot = plain_figure(
        PLOT, HEIGHT, "Milliseconds to answer one row", x_axis_type="log",
        x_range=Range1d(1, 10, name=MILLISECONDS), y_range=Range1d(0, 1, name=RANGE),
    )  # fmt: skip
    plot.xaxis.ticker = FixedTicker(ticks=[1, 10], name=TICKS)
    plot.xaxis.formatter = NumeralTickFormatter(format="0,0[.]00")
    plot.multi_line("xs", "ys", source=steps, line_color="color", line_width=1.4, line_join="miter")
    drawn = plot.scatter("x", "y", source=dots, size="dot", fill_color="color", line_color=None)
    plot.add_tools(HoverTool(renderers=[drawn], tooltips="<b>@name</b><br>@cost", show_arrow=False))
    plot.add_layout(labels(beside, y_offset=11, text_align="align"))
    return plot


def pareto_columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the columns of the figure for the rows of a board; who has no score to compare, or no time, is not drawn.

    >>> cost = {"answer_ms": 2.0, "answer": "2 ms", "size": "", "score": 0.9, "front": "time"}
    >>> pareto_columns([{"name": "Ridge", "slot": 0, "retired": None, "cost": cost}])["dots"]["x"]
    [2.0]
    """
    points = [_point(row) for row in rows if _is_drawn(row)]
    front = sorted((point for point in points if point["front"]), key=lambda point: point["x"])
    # Who was retired would flatten the rest, unless its place is on the front.
    low, high = padded([point["y"] for point in points if point["front"] or not point["retired"]], share=0.12)
    gap = (high - low) * _LABEL_PIXELS / _FRAME_PIXELS
    start, end = _ends([point["x"] for point in points])
    return {
        "steps": _staircase(front, end),
        # The front last, so that it is drawn on top.
        "dots": _columns(sorted(points, key=lambda point: point["front"])),
        "labels": _labels([point for point in front if low <= point["y"] <= high], gap, (start * end) ** 0.5),
        "y": [low, high + gap],
        "x": [start, end],
        "ticks": _ticks(start, end),
    }


def _is_drawn(row: dict[str, Any]) -> bool:
    cost = row["cost"]
    return cost is not None and cost["answer_ms"] is not None and cost["score"] is not None


def _point(row: dict[str, Any]) -> _Point:
    cost = row["cost"]
    is_on_front = cost["front"] in {"time", "both"}
    return {
        "x": cost["answer_ms"],
        "y": cost["score"],
        "name": row["name"],
        "cost": " · ".join(filter(None, (cost["answer"], cost["size"]))),
        "front": is_on_front,
        "retired": row["retired"] is not None,
        "dot": 10 if is_on_front else 6,
        "slot": _OTHERS if row["slot"] is None else row["slot"],
    }


def _columns(points: Sequence[_Point]) -> dict[str, Any]:
    return {column: [point[column] for point in points] for column in ("x", "y", "name", "cost", "dot", "slot")}


def _staircase(front: Sequence[_Point], end: float) -> dict[str, Any]:
    """Return the line of the best score that can be had within each time."""
    xs: list[float] = []
    ys: list[float] = []
    for point in front:
        xs += [point["x"], point["x"]]
        ys += [ys[-1] if ys else point["y"], point["y"]]
    return {"xs": [[*xs, end]], "ys": [[*ys, ys[-1]]], "slot": [_LINE]} if front else {"xs": [], "ys": [], "slot": []}


def _labels(named: Sequence[_Point], gap: float, middle: float) -> dict[str, Any]:
    down = sorted(named, key=lambda point: -point["y"])
    return {
        "x": [point["x"] for point in down],
        "y": spread([point["y"] for point in down], gap),
        "text": [short(point["name"]) for point in down],
        "align": ["left" if point["x"] < middle else "right" for point in down],
        "slot": [_TEXT if point["slot"] == _OTHERS else point["slot"] for point in down],
    }


def _ends(times: Sequence[float]) -> tuple[float, float]:
    return (min(times) / _AIR, max(times) * _AIR) if times else (1.0, 10.0)


def _ticks(start: float, end: float) -> list[float]:
    """Return round times within the axis.

    >>> _ticks(0.8, 30), _ticks(0.08, 3000)
    ([1.0, 2.0, 5.0, 10.0, 20.0], [0.1, 1.0, 10.0, 100.0, 1000.0])
    """
    steps = (1, 2, 5) if log10(end / start) <= _MOST_DECADES else (1,)
    powers = range(floor(log10(start)), ceil(log10(end)) + 1)
    return [tick for power in powers for step in steps if start <= (tick := float(f"{step}e{power}")) <= end]
