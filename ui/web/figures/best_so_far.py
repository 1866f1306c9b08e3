"""The leader's mean against time: a step for each change, its interval as a line, a label where the lead changed."""

from itertools import pairwise
from typing import Any

from bokeh.models import ColumnDataSource, HoverTool, Range1d
from bokeh.plotting import figure

from ui.web.figures.scale import padded
from ui.web.figures.style import labels, plain_figure

HEIGHT = 236
PLOT = "best-plot"
STEPS = "best-steps"
DOTS = "best-dots"
LABELS = "best-labels"
RANGE = "best-range"
SECONDS = "best-seconds"

PRIMARY, MUTED = "primary", None
"""Slots that the browser turns into colours; a number is a leader's own colour."""


def best_figure() -> figure:
    """Return the figure, still empty."""
    steps = ColumnDataSource({name: [] for name in ("xs", "ys", "color")}, name=STEPS)
    dots = ColumnDataSource({name: [] for name in ("x", "y", "low", "high", "name", "color", "size")}, name=DOTS)
    ends = ColumnDataSource({name: [] for name in ("x", "y", "text", "color")}, name=LABELS)
    plot = plain_figure(
        PLOT, HEIGHT, "Seconds since start", x_range=Range1d(0, 1, name=SECONDS), y_range=Range1d(0, 1, name=RANGE)
    )
    plot.segment("x", "low", "x", "high", source=dots, line_color="color", line_alpha=0.3, line_width=1.2)
    plot.multi_line("xs", "ys", source=steps, line_color="color", line_width=2.2, line_join="miter")
    drawn = plot.scatter("x", "y", source=dots, size="size", fill_color="color", line_color=None)
    plot.add_tools(HoverTool(renderers=[drawn], tooltips="<b>@name</b><br>@y{0.0000}", show_arrow=False))
    plot.add_layout(labels(ends, y_offset=-10, text_align="right", text_font_style="bold"))
    return plot


def best_columns(best: list[dict[str, Any]], until: float) -> dict[str, Any]:
    """Return the columns of the figure for the changes of the lead, the earliest first, ``until`` the last second."""
    means = [point["mean"] for point in best]
    # Early intervals, of few folds, are so wide that they would flatten the steps: the last one sets the axis.
    ends = [point[end] for point in best[-1:] for end in ("low", "high") if point[end] is not None]
    low, high = padded([*means, *ends], share=0.15, fenced=False)
    high += (high - low) * 0.1  # room for the label
    last = max([until, *(point["seconds"] for point in best)])
    return {
        "steps": {**_staircase(best, last), "slot": [PRIMARY] if best else []},
        "dots": {
            "x": [point["seconds"] for point in best],
            "y": means,
            "low": [point["mean"] if point["low"] is None else point["low"] for point in best],
            "high": [point["mean"] if point["high"] is None else point["high"] for point in best],
            "name": [point["name"] for point in best],
            "size": [8 if point["new"] else 4 for point in best],
            "slot": [PRIMARY] * len(best),
        },
        "labels": _label(best, last, high),
        "y": [low, high],
        "x": [0.0, round(last * 1.04 + 0.1, 3)],
    }


def _staircase(best: list[dict[str, Any]], last: float) -> dict[str, Any]:
    if not best:
        return {"xs": [], "ys": []}
    xs, ys = [best[0]["seconds"]], [best[0]["mean"]]
    for before, after in pairwise(best):
        xs += [after["seconds"], after["seconds"]]
        ys += [before["mean"], after["mean"]]
    return {"xs": [[*xs, last]], "ys": [[*ys, best[-1]["mean"]]]}


def _label(best: list[dict[str, Any]], last: float, top: float) -> dict[str, Any]:
    return {
        "x": [last for _ in best[-1:]],
        "y": [top for _ in best[-1:]],
        "text": [f"{point['name']} {point['mean']:.4f}" for point in best[-1:]],
        "slot": [PRIMARY for _ in best[-1:]],
    }
