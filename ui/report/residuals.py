"""What predictions of numbers leave over."""

from collections.abc import Iterator

from ui.report.chart import Axis, Chart
from ui.report.figure import Figure, Tables
from ui.report.table import Table


def residual_figures(tables: Tables) -> Iterator[Figure]:
    """Yield predictions beside the truth, residuals by prediction, and residuals beside normal ones."""
    if "residual_points" in tables:
        yield _truth(tables["residual_points"])
    if "residuals" in tables:
        yield _by_prediction(tables["residuals"])
    if "residual_quantiles" in tables:
        yield _against_normal(tables["residual_quantiles"])


def _truth(points: Table) -> Figure:
    ends = [*points["truth"], *points["prediction"]]
    axis = Axis.over("Prediction", ends)
    chart = Chart(axis, Axis.over("Truth", ends))
    chart.line([(axis.low, axis.low), (axis.high, axis.high)], "rule")
    chart.dots(zip(points["prediction"], points["truth"], strict=True), "lead-0 dense")
    reading = "Each dot is a row that its fit had not seen; on the dashed line the prediction is right."
    return Figure("Truth and prediction", reading, chart.svg("Truth beside prediction"), ("residual_points",))


def _by_prediction(table: Table) -> Figure:
    x = table["prediction"]
    chart = Chart(
        Axis.over("Prediction", x),
        Axis.over("Residual (truth less prediction)", [*table["q05"], *table["q95"]], zero=True),
    )
    chart.band(zip(x, table["q05"], table["q95"], strict=True), "lead-0")
    chart.band(zip(x, table["q25"], table["q75"], strict=True), "lead-0")
    chart.across(0).line(zip(x, table["mean"], strict=True), "lead-0")
    chart.dots(zip(x, table["mean"], strict=True), "lead-0 large")
    return Figure(
        "Residuals",
        "Rows in bins of equal size by their prediction. The line is the mean: off 0 it is a bias. Half of the"
        " residuals lie in the inner band, 90 % in the outer one; where it widens, predictions are less sure.",
        chart.svg("Residuals by prediction"),
        ("residuals",),
    )


def _against_normal(table: Table) -> Figure:
    chart = Chart(
        Axis.over("Quantile of a normal distribution", table["normal"]),
        Axis.over("Residual", [*table["residual"], *table["low"], *table["high"]]),
    )
    chart.band(zip(table["normal"], table["low"], table["high"], strict=True), "others")
    chart.dots(zip(table["normal"], table["residual"], strict=True), "lead-0")
    return Figure(
        "Residuals and normal ones",
        "If residuals were normal, 95 of 100 dots would lie in the band; ends that leave it are unusual errors.",
        chart.svg("Quantiles of residuals beside normal ones"),
        ("residual_quantiles",),
    )
