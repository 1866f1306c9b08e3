"""How far a time series was foretold from what came."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from ui.report.chart import Axis, Chart
from ui.report.figure import Figure, Tables
from ui.report.numbers import reach, shown
from ui.report.table import Table

_WIDE = 1100
_MARKS = 9
"""Moments that are marked at most, or one more."""
_DAY = 86_400


def forecast_figures(tables: Tables) -> Iterator[Figure]:
    """Yield forecasts beside what came, errors by step ahead, and how errors go along with earlier ones."""
    if "forecasts" in tables:
        yield _forecasts(tables["forecasts"])
    if "steps" in tables:
        yield _steps(tables["steps"])
    if "residual_autocorrelation" in tables:
        yield _autocorrelation(tables["residual_autocorrelation"])


def _forecasts(table: Table) -> Figure:
    chart = Chart(_time(table["moment"]), Axis.over("", [*table["truth"], *table["prediction"]]), _WIDE, 280)
    came = {_place(line["moment"]): line["truth"] for line in table.lines()}
    chart.line(came.items(), "ink").dots(came.items(), "ink")
    for place, part in enumerate(table.by("fold").values()):
        points = [(_place(line["moment"]), line["prediction"]) for line in part.lines()]
        style = ("lead-0", "lead-1")[place % 2]
        chart.line(points, style).dots(points, style)
    return Figure(
        "Forecasts and what came",
        "Each fold forecasts from the moment at which its training rows end; neighbouring folds have two colours.",
        chart.svg("Forecasts beside what came"),
        ("forecasts",),
        (("what came", "ink"), ("forecasts", "lead-0"), ("of the next fold", "lead-1")),
        wide=True,
    )


def _steps(table: Table) -> Figure:
    values = [*table["mean_absolute_error"], *table["bias"], *table["q10"], *table["q90"]]
    chart = Chart(_whole("Steps ahead", table["step"]), Axis.over("Error", values, zero=True))
    chart.band(zip(table["step"], table["q10"], table["q90"], strict=True), "lead-1").across(0)
    for column, style in (("bias", "lead-1"), ("mean_absolute_error", "lead-0")):
        points = list(zip(table["step"], table[column], strict=True))
        chart.line(points, style).dots(points, f"{style} large")
    return Figure(
        "Errors by step ahead",
        "How far off forecasts are, the further ahead they look. The band holds 80 % of the residuals (truth less"
        " prediction).",
        chart.svg("Errors by step ahead"),
        ("steps",),
        (("mean absolute error", "lead-0"), ("mean residual", "lead-1")),
    )


def _autocorrelation(table: Table) -> Figure:
    chart = Chart(_whole("Lag in steps", table["lag"]), Axis.between("Autocorrelation", -1, 1))
    chart.band(((line["lag"], -line["bound"], line["bound"]) for line in table.lines()), "others").across(0)
    for line in table.lines():
        style = "others" if line["within_forecast"] else "lead-0"
        chart.whiskers([(line["lag"], 0, line["autocorrelation"])], style)
        chart.dots([(line["lag"], line["autocorrelation"])], f"{style} large")
    return Figure(
        "Residuals and those before them",
        "What leaves the band at longer lags was there to be foretold. Grey lags are within one forecast, whose errors"
        " go along with each other in the best of models.",
        chart.svg("Autocorrelation of residuals"),
        ("residual_autocorrelation",),
    )


def _whole(label: str, steps: Sequence[int]) -> Axis:
    every = max(1, len(steps) // 8)
    return Axis(label, min(steps) - 0.5, max(steps) + 0.5, tuple((step, str(step)) for step in steps[::every]))


def _time(moments: Sequence[Any]) -> Axis:
    found = {_place(moment): _said(moment) for moment in sorted(set(moments))}
    low, high = reach(found)
    marks: list[float] = []
    for place in found:
        if not marks or place - marks[-1] >= (high - low) / _MARKS:
            marks.append(place)
    return Axis("", low, high, tuple((place, found[place]) for place in marks))


def _said(moment: Any) -> str:
    if isinstance(moment, datetime):
        return moment.strftime("%Y-%m-%d") if moment.time() == datetime.min.time() else moment.strftime("%m-%d %H:%M")
    return str(moment) if isinstance(moment, int) else shown(moment)


def _place(moment: Any) -> float:
    """Return a moment as a number: days of dates, and a number as itself."""
    if isinstance(moment, datetime):
        return moment.toordinal() + (moment.hour * 3600 + moment.minute * 60 + moment.second) / _DAY
    return float(moment.toordinal()) if isinstance(moment, date) else float(moment)
