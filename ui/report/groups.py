"""The groups of a clustering."""

from collections.abc import Iterator

from ui.report.figure import Figure, Tables
from ui.report.grid import Cell, grid
from ui.report.numbers import known, percent, shown
from ui.report.strips import Strip, strips
from ui.report.table import Line, Table

_FAR = 2.0
"""Standard deviations from the mean of all rows at which a cell has its full colour."""
_MOST_FEATURES = 25


def group_figures(tables: Tables) -> Iterator[Figure]:
    """Yield how large and how far apart groups are, what sets each apart, and whether folds agree."""
    if "groups" in tables:
        yield _sizes(tables["groups"])
        yield _apart(tables["groups"])
    if "agreement" in tables:
        yield _agreement(tables["agreement"])
    if "group_features" in tables:
        yield _features(tables["group_features"])


def _sizes(table: Table) -> Figure:
    rows = [Strip(str(line["group"]), line["share"], told=f"{shown(line['rows'])} rows") for line in table.lines()]
    reading = "The share of all rows that is in each group."
    return Figure("How large groups are", reading, strips(rows, "Share of rows in each group"), ("groups",))


def _apart(table: Table) -> Figure:
    rows = [
        Strip(str(line["group"]), line["silhouette"], told=f"{percent(line['misplaced'])} nearer to another group")
        for line in table.lines()
    ]
    return Figure(
        "How far groups are apart",
        "Silhouette: 1 is close together and far from others, 0 lies between groups, below 0 belongs to another.",
        strips(rows, "Silhouette of each group"),
        (),
    )


def _agreement(table: Table) -> Figure:
    rows = [
        Strip(f"Fold {line['fold'] + 1}", line["adjusted_rand"], told=f"{shown(line['rows'])} rows")
        for line in table.lines()
    ]
    return Figure(
        "Whether others would find them",
        "How alike the model version and a fold's candidate, which had not seen these rows, group them (adjusted Rand"
        " index): 1 is alike, 0 what chance gives.",
        strips(rows, "Agreement by fold"),
        ("agreement",),
    )


def _features(table: Table) -> Figure:
    groups = [str(group) for group in table.by("group")]
    parts = table.by("feature")
    strongest = sorted(parts, key=lambda name: -max(map(_strength, parts[name].lines())))[:_MOST_FEATURES]
    cells = [(str(name), [_cell(line) for line in parts[name].lines()]) for name in strongest]
    return Figure(
        "What sets groups apart",
        "The mean, or the most frequent category, of each group; the stronger the colour, the further above (blue) or"
        " below (orange) all rows. What differs most comes first.",
        grid("feature ↓ group →", groups, cells, "What sets groups apart"),
        ("group_features",),
        wide=True,
    )


def _strength(line: Line) -> float:
    return abs(line["difference"]) if known(line["difference"]) else 0.0


def _cell(line: Line) -> Cell:
    far = line["difference"] / _FAR if known(line["difference"]) else 0.0
    told = f"{line['feature']} in {line['group']}: {line['typical']}, {shown(line['difference'], 3)} from all rows"
    return Cell(str(line["typical"]), far, told)
