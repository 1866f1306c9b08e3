"""Rankings: the curves of each class against the rest, and whether probabilities are what they say."""

from collections.abc import Iterator
from dataclasses import dataclass

from ui.report.chart import SHARE, Axis, Chart
from ui.report.figure import Figure, Tables, coloured
from ui.report.numbers import shown
from ui.report.table import Table


@dataclass(frozen=True)
class _Curve:
    name: str
    title: str
    x: tuple[str, str]
    """Column and what it is."""
    y: tuple[str, str]
    reading: str
    chance: bool
    """Whether the diagonal is what chance gives."""


_CURVES = (
    _Curve(
        "roc", "Receiver operating characteristic",
        ("false_positive_rate", "False positive rate"), ("true_positive_rate", "True positive rate"),
        "Of the rows of a class, how many are found (up) while how many others are taken for it (right), as the"
        " threshold falls. The diagonal is chance.", chance=True,
    ),
    _Curve(
        "precision_recall", "Precision and recall", ("recall", "Recall"), ("precision", "Precision"),
        "Of the rows that are taken for a class, how many are right (up), while how much of it is found (right).",
        chance=False,
    ),
    _Curve(
        "gain", "Gain", ("share", "Share of rows, the highest ranked first"), ("gain", "Share of the class found"),
        "If only the highest ranked rows are looked at, how much of the class is among them. The diagonal is chance.",
        chance=True,
    ),
)  # fmt: skip


def curve_figures(tables: Tables) -> Iterator[Figure]:
    """Yield the curves that there are, and the lift."""
    for curve in _CURVES:
        if f"{curve.name}_mean" in tables:
            yield _curve(curve, tables)
    if "gain_mean" in tables:
        yield _lift(tables["gain_mean"])


def calibration_figures(tables: Tables) -> Iterator[Figure]:
    """Yield how probabilities compare with what happened."""
    if "calibration" not in tables:
        return
    chart = Chart(Axis.between("Probability", *SHARE), Axis.between("What happened", *SHARE))
    chart.line([(0, 0), (1, 1)], "rule")
    classes = _classes(tables["calibration"])
    for label, part in tables["calibration"].by("class").items():
        style = coloured(classes)[str(label)]
        if len(classes) <= 2:
            chart.whiskers(zip(part["predicted"], part["low"], part["high"], strict=True), style)
        chart.line(zip(part["predicted"], part["observed"], strict=True), f"{style} thin")
        chart.dots(zip(part["predicted"], part["observed"], strict=True), f"{style} large")
    errors = tables.get("calibration_error")
    told = {} if errors is None else {str(line["class"]): line["brier"] for line in errors.lines()}
    legend = tuple(
        (f"{label} · Brier {shown(told.get(label), 3)}", style) for label, style in _legend(classes, coloured(classes))
    )
    yield Figure(
        "Calibration",
        "Rows in bins of equal size by their probability: on the diagonal, of the rows with 0.8 just 8 of 10 turned out"
        " so." + (" Upright lines are 95 % intervals." if len(classes) <= 2 else ""),
        chart.svg("Probabilities beside what happened"),
        ("calibration", "calibration_error"),
        legend,
    )


def _curve(curve: _Curve, tables: Tables) -> Figure:
    means, points = tables[f"{curve.name}_mean"], tables[curve.name]
    chart = Chart(Axis.between(curve.x[1], *SHARE), Axis.between(curve.y[1], *SHARE))
    if curve.chance:
        chart.line([(0, 0), (1, 1)], "rule")
    classes = _classes(means)
    if len(classes) == 1:
        for part in points.by("fold").values():
            chart.line(zip(part[curve.x[0]], part[curve.y[0]], strict=True), "faint")
    for label, part in means.by("class").items():
        x, style = part[curve.x[0]], coloured(classes)[str(label)]
        if len(classes) <= 2:
            chart.band(zip(x, part["low"], part["high"], strict=True), style)
        chart.line(zip(x, part[curve.y[0]], strict=True), style)
    reading = curve.reading
    if len(classes) == 1:
        reading += " Grey lines are folds; the band is the 95 % interval of their mean."
    names = (f"{curve.name}_mean", curve.name, *(("areas",) if curve.name == "roc" else ()))
    return Figure(curve.title, reading, chart.svg(curve.title), names, _areas(curve.name, classes, tables))


def _lift(means: Table) -> Figure:
    chart = Chart(
        Axis.between("Share of rows, the highest ranked first", *SHARE), Axis.over("Lift", means["lift"], zero=True)
    )
    chart.across(1)
    classes = _classes(means)
    for label, part in means.by("class").items():
        chart.line(zip(part["share"], part["lift"], strict=True), coloured(classes)[str(label)])
    reading = "How many times as often the class is found among the highest ranked rows as by chance, which is 1."
    return Figure("Lift", reading, chart.svg("Lift"), ("gain_mean",), _legend(classes, coloured(classes)))


def _areas(curve: str, classes: list[str], tables: Tables) -> tuple[tuple[str, str], ...]:
    areas = tables.get("areas")
    told = {} if areas is None else {str(line["class"]): line for line in areas.where("curve", curve).lines()}
    if not told:
        return _legend(classes, coloured(classes))
    return tuple(
        (f"{label} · area {shown(told[label]['mean'], 3)}" + _interval(told[label]["low"], told[label]["high"]), style)
        for label, style in _legend(classes, coloured(classes))
        if label in told
    )


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None else f" ({shown(low, 3)} to {shown(high, 3)})"


def _legend(classes: list[str], colours: dict[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, colours[label]) for label in classes[:8])


def _classes(table: Table) -> list[str]:
    return [str(label) for label in table.by("class")]
