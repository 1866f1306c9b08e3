"""`trackside contracts`."""

import json
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer

from ui.cli.output import counted, terminal


def contracts(
    schemas: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write a JSON Schema of each message there instead, one file a subject."),
    ] = None,
) -> None:
    """Print what may be said on the bus, by whom and to whom, as an AsyncAPI 3 document."""
    # Imported here because it costs time that `--help` need not pay.
    from contracts.asyncapi import document  # noqa: PLC0415
    from contracts.catalog import SUBJECTS  # noqa: PLC0415
    from contracts.schemas import schema_of  # noqa: PLC0415

    if schemas is None:
        sys.stdout.write(_json(document(version("trackside"))))
        return
    schemas.mkdir(parents=True, exist_ok=True)
    for message in SUBJECTS.all:
        (schemas / f"{message.subject}.json").write_text(_json(schema_of(message)))
    terminal().print(f"Wrote {counted(len(SUBJECTS.all), 'schema')} to {schemas}.", soft_wrap=True)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
