"""The score of each candidate on each fold: leaders coloured and labelled, the rest receding to where they retired."""

from typing import Any

from bokeh.models import ColumnDataSource, FixedTicker, HoverTool, Range1d
from bokeh.plotting import figure

from ui.web.figures.scale import padded, spread
from ui.web.figures.style import labels, plain_figure, short

HEIGHT = 248
PLOT = "fold-plot"
LINES = "fold-lines"
LABELS = "fold-labels"
STOPS = "fold-stops"
RANGE = "fold-range"
FOLDS = "fold-folds"
TICKS = "fold-ticks"

_STOP = "ink3"
"""The slot of the crosses where candidates were retired."""
_LABEL_PIXELS = 15
_FRAME_PIXELS = HEIGHT - 50


def fold_figure() -> figure:
    """Return the figure, still empty."""
    lines = ColumnDataSource({name: [] for name in ("name", "xs", "ys", "color", "width")}, name=LINES)
    ends = ColumnDataSource({name: [] for name in ("x", "y", "text", "color")}, name=LABELS)
    stops = ColumnDataSource({name: [] for name in ("name", "x", "y", "color")}, name=STOPS)
    plot = plain_figure(PLOT, HEIGHT, "Fold", x_range=Range1d(0.7, 8, name=FOLDS), y_range=Range1d(0, 1, name=RANGE))
    drawn = plot.multi_line("xs", "ys", source=lines, line_color="color", line_width="width", line_join="round")
    plot.add_tools(HoverTool(renderers=[drawn], tooltips="<b>@name</b>", line_policy="nearest", show_arrow=False))
    crosses = plot.scatter("x", "y", source=stops, marker="x", size=7, line_color="color", line_width=1.6)
    retired = "<b>@name</b><br>retired after fold @x"
    plot.add_tools(HoverTool(renderers=[crosses], tooltips=retired, show_arrow=False))
    plot.add_layout(labels(ends, x_offset=9))
    plot.xaxis.ticker = FixedTicker(ticks=[1, 2, 3, 4, 5], name=TICKS)
    return plot


def fold_columns(rows: list[dict[str, Any]], folds: int) -> dict[str, Any]:
    """Return the columns of the figure for the rows of a board, best first.

    >>> row = {"name": "Ridge", "scores": [0.5, None, 0.7], "slot": 0, "retired": None}
    >>> fold_columns([row], 3)["lines"]["xs"]
    [[1, 3]]
    """
    scored = [(row, points) for row in rows if (points := _points(row["scores"]))]
    leaders = sorted(
        ((row, points[-1]) for row, points in scored if row["slot"] is not None), key=lambda pair: -pair[1][1]
    )
    stops = [(row["name"], *points[-1]) for row, points in scored if row["retired"] is not None]
    low, high = padded([score for _, points in scored for _, score in points])
    gap = (high - low) * _LABEL_PIXELS / _FRAME_PIXELS
    heights = spread([end[1] for _, end in leaders], gap)
    return {
        "lines": {
            # Leaders last, so that they are drawn on top.
            "name": [row["name"] for row, _ in reversed(scored)],
            "xs": [[fold for fold, _ in points] for _, points in reversed(scored)],
            "ys": [[score for _, score in points] for _, points in reversed(scored)],
            "slot": [row["slot"] for row, _ in reversed(scored)],
            "width": [1.1 if row["slot"] is None else 2.2 for row, _ in reversed(scored)],
        },
        "labels": {
            "x": [end[0] for _, end in leaders],
            "y": heights,
            "text": [short(row["name"]) for row, _ in leaders],
            "slot": [row["slot"] for row, _ in leaders],
        },
        "stops": {
            "name": [name for name, _, _ in stops],
            "x": [fold for _, fold, _ in stops],
            "y": [score for _, _, score in stops],
            "slot": [_STOP] * len(stops),
        },
        "y": [min([low, *(height - gap for height in heights)]), max([high, *(height + gap for height in heights)])],
        "x": [0.7, folds * 1.55 + 0.6],
        "ticks": _ticks(folds),
    }


def _points(scores: list[float | None]) -> list[tuple[int, float]]:
    return [(fold, score) for fold, score in enumerate(scores, start=1) if score is not None]


def _ticks(folds: int) -> list[int]:
    step = max(1, -(-folds // 10))
    return list(range(1, folds + 1, step))
