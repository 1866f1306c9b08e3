"""`trackside predict`."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich.markup import escape

from contracts.ingest import Column
from contracts.serving import DeploymentSummary, ListDeployments
from contracts.training import ModelVersionCreated
from infra.bus import Bus
from ui.cli.connection import connected, run
from ui.cli.csv_file import CsvFile, read_csv
from ui.cli.exits import Failed, WrongUsage
from ui.cli.options import Json
from ui.cli.output import print_table, terminal
from ui.cli.reach import Reach
from ui.cli.rows import Row, row_of_json, rows_of_csv
from ui.cli.source import STDIN, opened, title
from ui.cli.token import token_of

_SECONDS = 60.0


def predict(
    deployment: Annotated[str, typer.Argument(metavar="D", help="Name of the endpoint.")],
    file: Annotated[
        Path | None, typer.Option(help="A CSV file of rows in UTF-8, with a header; - reads stdin.")
    ] = None,
    row: Annotated[str | None, typer.Option(help='One row as JSON, such as {"age": 41}.')] = None,
    *,
    as_json: Json = False,
) -> None:
    """Ask the serving API for predictions, with a token of its own."""
    answer = run(_predict(deployment, title(file or STDIN), _given(file, row)))
    if as_json:
        sys.stdout.write(json.dumps(answer, indent=2) + "\n")
        return
    _print(answer)


def asked(reach: Reach, path: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Return the serving API's answer to rows.

    Raises:
        Failed: if it refuses, with its words.
    """
    url = f"{reach.serving_url}{path}"
    headers = {"Authorization": f"Bearer {token_of(reach)}"}
    try:
        response = httpx.post(url, json={"rows": rows}, headers=headers, timeout=_SECONDS)
    except httpx.HTTPError as error:
        raise Failed(
            f"The serving API does not answer at {url} ({type(error).__name__}). Try: trackside status"
        ) from None
    if not response.is_success:
        raise Failed(f"The serving API refuses ({response.status_code}): {_reason(response)}")
    answer: dict[str, Any] = response.json()
    return answer


def _given(file: Path | None, row: str | None) -> Row | bytes:
    """Return the one row of the command line, or else the bytes of the file."""
    if row is not None and file is None:
        return row_of_json(row)
    if file is None or row is not None:
        raise WrongUsage("Give the rows either as --file rows.csv or as --row '{...}'.")
    with opened(file, "a CSV file of rows") as content:
        return content.read()


async def _predict(name: str, file: str, given: Row | bytes) -> dict[str, Any]:
    async with connected() as connection:
        deployment = await _find(connection.bus, name)
        if isinstance(given, dict):
            return asked(connection.reach, deployment.path, [given])
        features = await _features(connection.bus, deployment)
        table = read_csv(file, given, [column.name for column in features])
        return asked(connection.reach, deployment.path, _rows_of(table, features))


async def _find(bus: Bus, name: str) -> DeploymentSummary:
    deployments = (await bus.ask(ListDeployments())).deployments
    for deployment in deployments:
        if deployment.name == name:
            return deployment
    known = ", ".join(deployment.name for deployment in deployments) or "none yet"
    raise Failed(f"There is no endpoint {name} (there are: {known}). Make it with: trackside deploy EXP --name {name}")


async def _features(bus: Bus, deployment: DeploymentSummary) -> tuple[Column, ...]:
    async for fact in bus.facts(ModelVersionCreated, key=deployment.experiment_id, stop_when_idle=True):
        model = fact.message
        if isinstance(model, ModelVersionCreated) and model.model_version_id == deployment.model_version_id:
            return model.features
    raise Failed(f"The stream does not tell how model version {deployment.model_version_id} was made.")


def _rows_of(table: CsvFile, features: tuple[Column, ...]) -> list[Row]:
    if unknown := table.unknown([column.name for column in features]):
        note = f"The model does not take these columns, so they are left out: {', '.join(unknown)}."
        terminal(stderr=True).print(f"[yellow]note[/] {escape(note)}", soft_wrap=True)
    return rows_of_csv(table.rows, features)


def _reason(response: httpx.Response) -> str:
    try:
        fault = response.json()["error"]
        return f"{fault['cause']} {fault['cure']}"
    except (ValueError, KeyError, TypeError):
        return response.text[:500]


def _print(answer: dict[str, Any]) -> None:
    predictions: list[Any] = answer.get("predictions", [])
    rows = [prediction if isinstance(prediction, dict) else {"prediction": prediction} for prediction in predictions]
    columns = list(dict.fromkeys(column for row in rows for column in row))
    print_table(
        [column.upper() for column in columns],
        [[_shown(row.get(column)) for column in columns] for row in rows],
        empty=json.dumps(answer),
    )
    if "prediction_id" in answer:
        terminal().print(f"Why: trackside explain {escape(answer['prediction_id'])}", soft_wrap=True)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{key} {_shown(inner)}" for key, inner in value.items())
    return f"{value:.4g}" if isinstance(value, float) else str(value)
