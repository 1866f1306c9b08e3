"""Which classes are taken for which, and in which parts of the rows a model version errs more."""

from collections.abc import Iterator

from ui.report.figure import Figure, Tables
from ui.report.grid import Cell, grid
from ui.report.numbers import known, percent, shown
from ui.report.strips import Strip, strips
from ui.report.table import Line, Table

_MOST_CLASSES = 15
_MOST_SLICES = 15
_SURE = 0.05
_SMALL = " Each has fewer than 30 rows, which say little."


def confusion_figures(tables: Tables) -> Iterator[Figure]:
    """Yield which classes are taken for which, and how well each is found."""
    if "confusion" in tables:
        yield _confusion(tables["confusion"])
    if "classes" in tables:
        yield _classes(tables["classes"])


def slice_figures(tables: Tables) -> Iterator[Figure]:
    """Yield the slices with the largest errors."""
    slices = tables.get("slices")
    if slices is None:
        return
    error = "error_rate" if "error_rate" in slices else "mean_absolute_error"
    large = [line for line in slices.lines() if not line["small"]]
    rows = [_slice(line, error) for line in (large or list(slices.lines()))[:_MOST_SLICES]]
    yield Figure(
        f"Where the {error.replace('_', ' ')} is largest",
        "Parts of the rows, the worst first; lines are 95 % intervals. Orange ones differ from the whole by more than"
        " chance would make any of so many differ (5 %, after Holm)." + _overall(slices) + ("" if large else _SMALL),
        strips(rows, f"The slices with the largest {error.replace('_', ' ')}", marked=slices.about.get(error)),
        ("slices",),
    )


def _confusion(table: Table) -> Figure:
    lines = table.by("truth")
    names = [str(name) for name in lines][:_MOST_CLASSES]
    cells = [
        (str(truth), [_pair(line) for line in part.lines()][:_MOST_CLASSES])
        for truth, part in list(lines.items())[:_MOST_CLASSES]
    ]
    reading = "Each line is a true class: how many of its rows were taken for which. The diagonal is right."
    if len(lines) > _MOST_CLASSES:
        reading += f" The first {_MOST_CLASSES} of {len(lines)} classes are drawn."
    return Figure("Confusion", reading, grid("truth ↓ predicted →", names, cells, "Confusion"), ("confusion",))


def _pair(line: Line) -> Cell:
    told = f"{line['truth']} taken for {line['prediction']}: {shown(line['rows'])} rows, {percent(line['share'])}"
    share = line["share"] if known(line["share"]) else 0.0
    return Cell(f"{line['rows']:,}", share if line["truth"] == line["prediction"] else -share, told)


def _classes(table: Table) -> Figure:
    rows = [
        Strip(f"{line['class']} {what}", line[what], line[f"{what}_low"], line[f"{what}_high"], style)
        for line in table.first(_MOST_CLASSES).lines()
        for what, style in (("recall", "lead-0"), ("precision", "lead-1"))
    ]
    return Figure(
        "Each class",
        "Recall: how much of the class is found. Precision: how much of what is taken for it is right.",
        strips(rows, "Recall and precision of each class"),
        ("classes",),
        (("recall", "lead-0"), ("precision", "lead-1")),
    )


def _slice(line: Line, error: str) -> Strip:
    sure = known(line["p_value"]) and line["p_value"] < _SURE
    told = f"{shown(line['rows'])} rows" + (f", p {shown(line['p_value'], 2)}" if known(line["p_value"]) else "")
    style = "lead-1" if sure else "lead-0"
    return Strip(f"{line['feature']}: {line['slice']}", line[error], line["low"], line["high"], style, told)


def _overall(slices: Table) -> str:
    return " The dashed line is all rows." if "error_rate" in slices.about else ""
