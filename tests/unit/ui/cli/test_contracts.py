"""`trackside contracts` needs no platform: who writes a program outside may have none."""

import json
from pathlib import Path

from typer.testing import CliRunner

from contracts.catalog import MESSAGES
from ui.cli.app import build


def test_the_asyncapi_document_is_printed_and_nothing_else() -> None:
    printed = json.loads(CliRunner().invoke(build(), ["contracts"]).stdout)
    assert printed["asyncapi"] == "3.0.0"
    assert printed["channels"]["StartExperiment"]["address"] == "cmd.training.experiment.start.v1.{key}"


def test_a_schema_of_each_message_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "schemas"
    said = CliRunner().invoke(build(), ["contracts", "--schemas", str(folder)]).stdout
    assert said == f"Wrote {len(MESSAGES)} schemas to {folder}.\n"
    assert {file.stem for file in folder.iterdir()} == {message.subject for message in MESSAGES}
    assert all(json.loads(file.read_text())["$schema"] for file in folder.iterdir())
