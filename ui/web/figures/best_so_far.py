"""The leader's mean against time: a step for each change, its interval as a line, a label where the lead changed."""

from typing import Any

from bokeh.models import ColumnDataSource, HoverTool, Range1d
from bokeh.plotting import figure

from ui.web.figures.scale import padded
from ui.web.figures.style import labels, plain_figure

HEIGHT = 236
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
        HEIGHT, "Seconds since start", x_range=Range1d(0, 1, name=SECONDS), y_range=Range1d(0, 1, name=RANGE)
    )
    plot.segment("x", "low", "x", "high", source=dots, line_color="color", line_alpha=0.3, line_width=1.2)
    plot.multi_line("xs", "ys", source=steps, line_color="color", line_width=2.2, line_join="miter")
    drawn = plot.scatter("x", "y", source=dots, size="size", fill_color="color", line_color=None)
    plot.add_tools(HoverTool(renderers=[drawn], tooltips="<b>@name</b><br>@y{0.0000}", show_arrow=False))
    plot.add_layout(labels(ends, y_offset=14, text_align="right", text_font_style="bold"))
    return plot


def best_columns(best: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the columns of the figure for the changes of the lead, the earliest first."""
    means = [point["mean"] for point in best]
    ends = [point[end] for point in best for end in ("low", "high") if point[end] is not None]
    low, high = padded([*means, *_within(ends, means)], share=0.12)
    last = best[-1]["seconds"] if best else 1.0
    return {
        "steps": {**_staircase(best), "slot": [PRIMARY] if best else []},
        "dots": {
            "x": [point["seconds"] for point in best],
            "y": means,
            "low": [point["mean"] if point["low"] is None else point["low"] for point in best],
            "high": [point["mean"] if point["high"] is None else point["high"] for point in best],
            "name": [point["name"] for point in best],
            "size": [8 if point["new"] else 4 for point in best],
            "slot": [PRIMARY] * len(best),
        },
        "labels": _label(best),
        "y": [low, high],
        "x": [0.0, round(last * 1.04 + 0.1, 3)],
    }


def _within(ends: list[float], means: list[float]) -> list[float]:
    """Return the interval ends that may stretch the axis: three folds give intervals wider than any chart."""
    if not means:
        return []
    reach = max(max(means) - min(means), 0.02) * 3
    return [end for end in ends if min(means) - reach <= end <= max(means) + reach]


def _staircase(best: list[dict[str, Any]]) -> dict[str, Any]:
    if not best:
        return {"xs": [], "ys": []}
    xs, ys = [best[0]["seconds"]], [best[0]["mean"]]
    for before, after in zip(best, best[1:], strict=False):
        xs += [after["seconds"], after["seconds"]]
        ys += [before["mean"], after["mean"]]
    return {"xs": [xs], "ys": [ys]}


def _label(best: list[dict[str, Any]]) -> dict[str, Any]:
    last = best[-1:]
    return {
        "x": [point["seconds"] for point in last],
        "y": [point["mean"] for point in last],
        "text": [f"{point['name']} {point['mean']:.4f}" for point in last],
        "slot": [PRIMARY] * len(last),
    }
