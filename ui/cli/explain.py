"""`trackside explain`."""

import json
import sys
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape

from contracts.reports import ExplainPrediction, PredictionExplained
from ui.cli.connection import connected, run
from ui.cli.exits import WrongUsage
from ui.cli.explanation import Line, drawn, of_output, told_of
from ui.cli.options import Json
from ui.cli.output import counted, terminal
from ui.cli.reach import Reach
from ui.cli.stored import store_of, tables_of
from ui.cli.waiting import waiting

_SECONDS = 600.0


def explain(
    prediction: Annotated[str, typer.Argument(metavar="PREDICTION_ID", help="The id that came with the answer.")],
    row: Annotated[int, typer.Option(min=1, help="Which of the rows that were asked, from 1.")] = 1,
    *,
    as_json: Json = False,
) -> None:
    """Say which features made a prediction what it is: the share of each in the answer to one row."""
    reach = Reach.found()
    objects = store_of(reach)
    fact = run(_explained(reach, prediction))
    if row > fact.rows:
        raise WrongUsage(f"There is no row {row}: {counted(fact.rows, 'row')} of this prediction are explained.")
    lines = [line for line in tables_of(objects, [fact.table])[fact.table.name].to_pylist() if line["row"] == row - 1]
    if as_json:
        _print_json(fact, row, lines)
    else:
        _print(fact, row, lines)


async def _explained(reach: Reach, prediction: str) -> PredictionExplained:
    async with connected(reach) as connection:
        with waiting("asking the model version about this row and usual ones"):
            command = ExplainPrediction(prediction_id=prediction)
            fact = await connection.bus.order(command, PredictionExplained, seconds=_SECONDS)
    assert isinstance(fact, PredictionExplained)
    return fact


def _print_json(fact: PredictionExplained, row: int, lines: Sequence[Line]) -> None:
    told = fact.model_dump(mode="json", include={"prediction_id", "model_version_id", "rows", "notes"})
    shares = [{name: value for name, value in line.items() if name != "row"} for line in lines]
    sys.stdout.write(json.dumps({**told, "row": row, "shares": shares}, indent=2) + "\n")


def _print(fact: PredictionExplained, row: int, lines: Sequence[Line]) -> None:
    screen = terminal()
    screen.print(f"Row {row} of {fact.rows}, answered by {escape(fact.model_version_id)}", soft_wrap=True)
    shares = of_output(lines)
    screen.print(escape(told_of(shares[0])), soft_wrap=True)
    screen.print(drawn(shares))
    screen.print("A share within two standard errors of 0 may be none: orders of features are sampled.", soft_wrap=True)
    others = {line["output"]: line["prediction"] for line in lines if line["output"] != shares[0]["output"]}
    if others:
        told = ", ".join(f"{output} {prediction:.4g}" for output, prediction in others.items())
        screen.print(escape(f"Also answered: {told}. Their shares: --json"), soft_wrap=True)
    for note in fact.notes:
        screen.print(f"[yellow]note[/] {escape(note)}", soft_wrap=True)
