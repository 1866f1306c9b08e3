"""The evaluation report of a model version as one page of HTML, which needs nothing but itself to be read.

Tables in, page out: no clock, no I/O. A module for each family of tables draws what it finds of them; what no module
draws is still there as numbers. Figures are SVG of our own: a library's scripts would be many times the page, and SVG
is read, printed and searched without any.
"""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from contracts.reports import ModelVersionReported
from ui.report.anomalies import anomaly_figures
from ui.report.curves import calibration_figures, curve_figures
from ui.report.dependence import dependence_section
from ui.report.document import document
from ui.report.figure import Figure, Section, Tables
from ui.report.forecasts import forecast_figures
from ui.report.groups import group_figures
from ui.report.importance import importance_figures
from ui.report.mistakes import confusion_figures, slice_figures
from ui.report.residuals import residual_figures
from ui.report.scores import headline, score_figures
from ui.report.table import Table


def report_page(report: ModelVersionReported, stored: Mapping[str, Any]) -> str:
    """Return the page of a report; ``stored`` has its tables by name, as PyArrow reads them."""
    tables = {name: Table.of(name, table) for name, table in stored.items()}
    return document(report, headline(report, tables), list(_sections(report, tables)), tables)


def _sections(report: ModelVersionReported, tables: Tables) -> Iterator[Section]:
    """Yield the sections that have figures, and one for the tables that no figure shows."""
    sections = [
        Section("How well it did", tuple(chain(score_figures(report, tables), *_task(tables)))),
        Section("Where it errs", tuple(chain(confusion_figures(tables), slice_figures(tables)))),
        Section("What it rests on", tuple(importance_figures(tables, report.metric))),
        dependence_section(tables),
    ]
    yield from (section for section in sections if section.figures)
    shown = {name for section in sections for figure in section.figures for name in figure.tables}
    further = tuple(name for name in tables if name not in shown)
    if further:
        yield Section("Further tables", (Figure("Numbers without a figure", "", "", further, wide=True),))


def _task(tables: Tables) -> Iterator[Iterator[Figure]]:
    """Yield the figures that only some tasks have the tables of."""
    for figures in (
        curve_figures,
        calibration_figures,
        forecast_figures,
        residual_figures,
        group_figures,
        anomaly_figures,
    ):
        yield figures(tables)
