"""What all figures share: no chrome, horizontal grid only, type of the page."""

from bokeh.models import LabelSet, NumeralTickFormatter
from bokeh.plotting import figure

FONT = "Inter Variable"
INK = "#66717F"


def plain_figure(name: str, height: int, x_label: str, **ranges: object) -> figure:
    """Return an empty figure in the house's look."""
    plot = figure(
        name=name, height=height, sizing_mode="stretch_width", tools="", toolbar_location=None, outline_line_color=None,
        background_fill_color=None, border_fill_color=None, min_border_left=8, min_border_right=8, **ranges,
    )  # fmt: skip
    plot.xgrid.grid_line_color = None
    plot.yaxis.axis_line_color = None
    plot.yaxis.formatter = NumeralTickFormatter(format="0.00[00]")
    plot.xaxis.axis_label = x_label
    plot.axis.axis_label_text_font_size = "11px"
    plot.axis.major_label_text_font_size = "11px"
    plot.axis.minor_tick_line_color = None
    plot.axis.major_tick_line_color = None
    return plot


def labels(source: object, **placement: object) -> LabelSet:
    """Return direct labels for the ends of lines, in the colour of their line."""
    return LabelSet(
        x="x", y="y", text="text", text_color="color", source=source, text_baseline="middle",
        text_font={"value": FONT}, text_font_size="12px", **placement,
    )  # fmt: skip


def short(name: str, length: int = 20) -> str:
    """Return a candidate's name as a label: without what all names end in, and cut if it is still too long.

    >>> short("Random Forest Classifier"), short("Light Gradient Boosting Machine")
    ('Random Forest', 'Light Gradient Boos…')
    """
    name = name.removesuffix(" Classifier").removesuffix(" Regressor").removesuffix(" Regression")
    return name if len(name) <= length else f"{name[: length - 1].rstrip()}…"
