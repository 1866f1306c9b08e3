"""The scores of the folds, and what they come to."""

from collections.abc import Iterator

from contracts.reports import ModelVersionReported
from ui.report.chart import Axis, Chart
from ui.report.figure import Figure, Tables
from ui.report.numbers import known, shown
from ui.report.table import Line


def score_figures(report: ModelVersionReported, tables: Tables) -> Iterator[Figure]:
    """Yield how the candidate scored on each fold, by the metric of the race."""
    if "scores" not in tables:
        return
    found = tables["scores"].where("metric", report.metric)
    mean = headline(report, tables) or {}
    folds = [fold + 1 for fold in found["fold"]]
    chart = _chart(report.metric, folds, [*found["score"], mean.get("low"), mean.get("high")])
    reading = "Each dot is a fold, scored on rows that its fit had not seen; the line is their mean."
    if known(mean.get("low")):
        chart.band([(end, mean["low"], mean["high"]) for end in (0.5, max(folds) + 0.5)], "lead-0")
        reading += " The band is its 95 % interval, corrected because folds share training rows."
    reading += "".join(_worth(line) for line in tables["worth"].lines()) if "worth" in tables else ""
    chart.across(mean.get("mean"), "lead-0").dots(zip(folds, found["score"], strict=True), "lead-0 large")
    names = tuple(name for name in ("score_means", "worth", "scores") if name in tables)
    yield Figure(f"{report.metric} by fold", reading, chart.svg(f"{report.metric} of each fold"), names)


def headline(report: ModelVersionReported, tables: Tables) -> Line | None:
    """Return ``mean``, ``low`` and ``high`` of the metric of the race, as stored."""
    means = tables.get("score_means")
    return None if means is None else next(means.where("metric", report.metric).lines(), None)


def _worth(line: Line) -> str:
    """Return what the winner is worth where it was not chosen."""
    chosen = "the best" if line["candidates"] == 1 else f"the best of {line['candidates']}"
    return (
        f" It was {chosen} on these folds, with {shown(line['on_these_folds'])}; on new data "
        f"{shown(line['on_new_data'])} is to be expected, with 95 % confidence between {shown(line['low'])} and "
        f"{shown(line['high'])}: scored on rows that did not choose it, over {line['draws']} draws of rows."
    )


def _chart(metric: str, folds: list[int], values: list[float | None]) -> Chart:
    marks = tuple((float(fold), str(fold)) for fold in folds[:: len(folds) // 12 + 1])
    return Chart(Axis("Fold", 0.5, max(folds, default=1) + 0.5, marks), Axis.over(metric, values))
