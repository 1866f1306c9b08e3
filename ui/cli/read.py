"""`trackside read`."""

from collections.abc import Mapping
from typing import Annotated

import typer

from contracts.ingest import DatasetVersionRegistered, SourceRead
from contracts.sources import ReadSource, SourceAsked
from ui.cli.connection import connected, new_id, run
from ui.cli.ingest import report
from ui.cli.ingesting import ingested
from ui.cli.options import Json
from ui.cli.output import counted, print_json, terminal
from ui.cli.pairs import checked, pairs

_SECONDS = 24 * 3600.0
"""A source may be long."""


def read(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="The kind of source; trackside sources lists them.")],
    name: Annotated[str, typer.Option(help="Name of the dataset; an existing one gets a new version.")],
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[KEY=VALUE...]", help="What the kind wants to know, such as prefix=2026/.", show_default=False
        ),
    ] = None,
    credentials: Annotated[
        str | None, typer.Option(metavar="NAME", help="What proves who is asking, by its name.", show_default=False)
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Make what a source holds the next version of a dataset."""
    fact = run(_read(SourceAsked(kind=kind, options=pairs(words or ()), credentials=credentials), name))
    if as_json:
        print_json(fact)
        return
    report(fact)
    if fact.source is not None:
        _report_source(fact.source)


async def _read(asked: SourceAsked, name: str) -> DatasetVersionRegistered:
    async with connected() as connection:
        await checked(connection.bus, asked)
        command = ReadSource(ingestion_id=new_id("ing"), name=name, source=asked)
        return await ingested(connection.bus, command, _SECONDS)


def _report_source(source: SourceRead) -> None:
    parts = [f"read from {source.where}"]
    if source.files is not None:
        new = "" if source.new is None else f", {source.new:,} of them new"
        parts.append(f"{counted(source.files, 'file')}{new}")
    parts.extend(_said(source.lineage))
    terminal().print("  " + "; ".join(parts), markup=False, soft_wrap=True)


def _said(lineage: Mapping[str, str]) -> list[str]:
    return [f"{name} {value}" for name, value in sorted(lineage.items())]
