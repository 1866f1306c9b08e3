"""Which columns a model version needs, and which move its answers."""

from collections.abc import Iterator

from ui.report.figure import Figure, Tables
from ui.report.numbers import known
from ui.report.strips import Strip, strips
from ui.report.table import Table

_MOST_COLUMNS = 20


def importance_figures(tables: Tables, metric: str) -> Iterator[Figure]:
    """Yield which columns are needed, and which move the answers."""
    if "importance" in tables:
        yield _importance(
            tables["importance"],
            "What is lost without a column",
            f"By how much {metric} gets worse when the column is shuffled, on rows that fits had not seen.",
        )
    if "influence" in tables:
        yield _importance(
            tables["influence"],
            "How far a column moves answers",
            "The mean size of its Shapley values, whichever way they go, be the answers right or wrong.",
        )


def _importance(table: Table, title: str, reading: str) -> Figure:
    noise = next((line["noise"] for line in table.lines()), None)
    rows = [
        Strip(
            str(line["feature"]), line["importance"], line["low"], line["high"],
            "lead-0" if line["above_noise"] or not known(noise) else "others",
        )
        for line in table.first(_MOST_COLUMNS).lines()
    ]  # fmt: skip
    reading += " Lines are 95 % intervals over folds."
    if known(noise):
        reading += " On a fold, 95 of 100 shuffled copies of columns stay left of the dashed line; grey is no better."
    if len(table) > _MOST_COLUMNS:
        reading += f" The first {_MOST_COLUMNS} of {len(table)} columns are drawn."
    return Figure(title, reading, strips(rows, title, marked=noise), (table.name,))
