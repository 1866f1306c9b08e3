"""Which rows a detector takes for unusual, and in what they stand out."""

from collections.abc import Iterator
from html import escape

from ui.report.chart import Axis, Chart
from ui.report.figure import Figure, Tables
from ui.report.numbers import percent, shown
from ui.report.strips import Strip, strips
from ui.report.table import Line, Table

_MOST_ROWS, _MOST_VALUES = 20, 4


def anomaly_figures(tables: Tables) -> Iterator[Figure]:
    """Yield how scores are spread, on each fold too, and the most unusual rows."""
    if "anomaly_scores" in tables:
        yield _scores(tables["anomaly_scores"])
    if "anomaly_folds" in tables:
        yield _folds(tables["anomaly_folds"])
    if "unusual_rows" in tables and "unusual_values" in tables:
        yield _rows(tables["unusual_rows"], tables["unusual_values"])


def _scores(table: Table) -> Figure:
    lines = list(table.lines())
    tops = [line["normal"] + line["anomaly"] for line in lines]
    chart = Chart(Axis.between("Score", lines[0]["low"], lines[-1]["high"]), Axis.over("Rows", tops, zero=True))
    chart.bars(((line["low"], line["high"], 0, line["normal"]) for line in lines), "lead-0 solid")
    stacked = (
        (line["low"], line["high"], line["normal"], top)
        for line, top in zip(lines, tops, strict=True)
        if line["anomaly"]
    )
    chart.bars(stacked, "lead-1 solid")
    reading = "How many rows have which score, given by a detector that had not seen them; higher is more unusual."
    legend = (("normal", "lead-0"), ("anomaly", "lead-1"))
    return Figure("Scores", reading, chart.svg("Scores of all rows"), ("anomaly_scores",), legend)


def _folds(table: Table) -> Figure:
    rows = [
        Strip(
            f"Fold {line['fold'] + 1}",
            line["q50"],
            line["q50"],
            line["q99"],
            told=f"{percent(line['flagged'])} flagged",
        )
        for line in table.lines()
    ]
    return Figure(
        "Scores by fold",
        "The median, and a line to the 99 % quantile. Where folds differ, so do the scales of their scores, and rows"
        " are compared by their place in the fold.",
        strips(rows, "Scores by fold", zero=False),
        ("anomaly_folds",),
    )


def _rows(rows: Table, values: Table) -> Figure:
    of_row = values.by("row")
    body = "".join(_row(line, of_row.get(line["row"])) for line in rows.first(_MOST_ROWS).lines())
    head = "<th>Row</th><th class=end>Score</th><th class=end>Above</th><th>What is rare in it</th>"
    drawing = (
        f'<div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
    return Figure(
        "The most unusual rows",
        "Above: the share of its fold's rows that score lower. Beside each value stands the share of all rows that are"
        " as far out as it, or as rare.",
        drawing,
        ("unusual_rows", "unusual_values"),
        wide=True,
    )


def _row(line: Line, values: Table | None) -> str:
    rare = "" if values is None else ", ".join(map(_value, values.first(_MOST_VALUES).lines()))
    cells = f"<td class=end>{shown(line['score'])}</td><td class=end>{percent(line['place'])}</td><td>{rare}</td>"
    return f"<tr><td>{escape(str(line['row']))}</td>{cells}</tr>"


def _value(line: Line) -> str:
    return f"{escape(line['feature'])} = {escape(line['value'])} <small>({shown(100 * line['rarity'], 2)} %)</small>"
