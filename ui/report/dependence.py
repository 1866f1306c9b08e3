"""How the answers of a model version move with its most important columns."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ui.report.chart import Axis, Chart
from ui.report.figure import Figure, Section, Tables, coloured
from ui.report.numbers import brief, known, reach, ticks
from ui.report.table import Table

_READING = (
    "What the model version answers when every row has one value in this column, and its own in all others: the mean,"
    " and between which answers 80 % of the rows lie. Grey lines are single rows; where they cross, columns interact."
    " Where columns go together this asks about rows that cannot be."
)
_UNNAMED = frozenset({"prediction", "score"})
"""Outputs that need no legend."""
_DATE = 10
"""Characters of a moment's date."""


def dependence_section(tables: Tables) -> Section:
    """Return a figure for each column that the tables tell of."""
    title, table, single = "How its answers move", tables.get("partial_dependence"), tables.get("individual_lines")
    if table is None:
        return Section(title, ())
    alone = {} if single is None else single.by("feature")
    first = tuple(name for name in ("partial_dependence", "individual_lines") if name in tables)
    figures = [
        _figure(str(feature), part, alone.get(feature), () if place else first)
        for place, (feature, part) in enumerate(table.by("feature").items())
    ]
    return Section(title, tuple(figures), _READING)


def _figure(feature: str, part: Table, alone: Table | None, tables: tuple[str, ...]) -> Figure:
    outputs, grid = coloured([str(name) for name in part.by("output")]), _Grid.of(part)
    rows = list(alone.by("row").values()) if alone is not None and len(outputs) == 1 else []
    ends = [*part["q10"], *part["q90"], *(value for row in rows for value in row["prediction"])]
    chart = Chart(grid.axis(feature), Axis.over("Answer", ends if rows else part["mean"]))
    for row in rows:
        chart.line(grid.points(row, "prediction", apart=not grid.joined), "faint")
    for name, of_output in part.by("output").items():
        _draw(chart, grid, of_output, outputs[str(name)], ranges=len(outputs) == 1)
    legend = () if _UNNAMED.issuperset(outputs) else tuple(outputs.items())
    return Figure(f"Answers by {feature}", "", chart.svg(f"Answers by {feature}"), tables, legend)


@dataclass(frozen=True)
class _Grid:
    """Where the values of a column stand on its axis, by their position."""

    joined: Mapping[int, float]
    """Numbers and moments, which a line may join."""
    apart: Mapping[int, float]
    """Categories, and a missing value."""
    marks: tuple[tuple[float, str], ...]

    @classmethod
    def of(cls, part: Table) -> Self:
        """Return the grid of one column's partial dependence."""
        numbers = dict(zip(part["position"], part["number"], strict=True))
        words = dict(zip(part["position"], part["value"], strict=True))
        joined = {position: number for position, number in numbers.items() if known(number)}
        if not joined:
            apart = {position: float(position) for position in words}
            return cls({}, apart, tuple((apart[position], word) for position, word in words.items()))
        low, high = min(joined.values()), max(joined.values())
        beyond = high + 0.15 * ((high - low) or 1)
        apart = {position: beyond for position in numbers if position not in joined}
        missing = tuple((beyond, "missing") for _ in apart)
        return cls(joined, apart, (*_marked([(at, words[position]) for position, at in joined.items()]), *missing))

    def axis(self, label: str) -> Axis:
        """Return the axis."""
        return Axis(label, *reach([*self.joined.values(), *self.apart.values()]), self.marks)

    def points(self, table: Table, column: str, *, apart: bool) -> list[tuple[float, float]]:
        """Return (place, value) of a column of numbers, of the values that stand apart or of the others."""
        places = self.apart if apart else self.joined
        pairs = zip(table["position"], table[column], strict=True)
        return [(places[position], value) for position, value in pairs if position in places]


def _draw(chart: Chart, grid: _Grid, of_output: Table, style: str, *, ranges: bool) -> None:
    for apart in (False, True):
        low, mean, high = (grid.points(of_output, column, apart=apart) for column in ("q10", "mean", "q90"))
        if ranges:
            ends = [(at, least, most) for (at, least), (_, most) in zip(low, high, strict=True)]
            (chart.whiskers if apart else chart.band)(ends, style)
        if not apart:
            chart.line(mean, style)
        chart.dots(mean, f"{style} large")


def _marked(values: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Return where numbers are marked: at round ones, but moments at two of their own, which people can read."""
    try:
        float(values[0][1])
    except ValueError:
        chosen = (values[0], values[2 * len(values) // 3])
        return list(dict.fromkeys((number, word[:_DATE]) for number, word in chosen))
    return [(mark, brief(mark)) for mark in ticks(values[0][0], values[-1][0], 4)]
