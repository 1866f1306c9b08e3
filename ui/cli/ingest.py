"""`trackside ingest`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from contracts.ingest import DatasetVersionRegistered, RegisterDataset
from infra.objects.store import objects_of
from ui.cli.connection import Connection, connected, new_id, run
from ui.cli.gathering import Gathered, gathered
from ui.cli.ingesting import ingested
from ui.cli.options import Json
from ui.cli.output import counted, print_json, terminal
from ui.cli.reach import Reach
from ui.cli.source import at_hand, opened
from ui.cli.uploading import in_pieces, send

_SECONDS = 900.0


def ingest(
    sources: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="A file of CSV, JSON lines, Excel, Parquet or Arrow, also compressed (.gz, .zst); a named pipe; "
            "- for what is piped in; or several files of one table: "
            "a folder, a pattern in quotes, or one by one.",
        ),
    ],
    name: Annotated[str, typer.Option(help="Name of the dataset; an existing one gets a new version.")],
    *,
    as_json: Json = False,
) -> None:
    """Make a file, or several of one table, the next version of a dataset."""
    several = gathered(sources)
    fact = _one(sources[0], name) if several is None else _several(several, name)
    if as_json:
        print_json(fact)
    else:
        report(fact)


def _one(source: Path, name: str) -> DatasetVersionRegistered:
    async def main(reach: Reach, file: Path) -> DatasetVersionRegistered:
        async with connected(reach) as connection:
            return await registered(connection, file, name)

    with opened(source, "a file of rows") as content:
        reach = Reach.found()
        # A pipe is read to its end before the connection is made, which would not bear the wait.
        with at_hand(source, content, reach.home.scratch) as file:
            return run(main(reach, file))


def _several(files: Gathered, name: str) -> DatasetVersionRegistered:
    async def main(reach: Reach) -> DatasetVersionRegistered:
        async with connected(reach) as connection:
            return await ingested(connection.bus, command, _SECONDS)

    ingestion_id = new_id("ing")
    command = RegisterDataset(
        ingestion_id=ingestion_id, name=name, upload=f"uploads/{ingestion_id}/", filename=files.title
    )
    reach = Reach.found()
    # They are sent before the connection is made, which would not bear the wait.
    send(files, objects_of(reach.objects), command.upload)
    return run(main(reach))


async def registered(connection: Connection, source: Path, name: str) -> DatasetVersionRegistered:
    """Upload a file and register it; return the fact that it is."""
    ingestion_id = new_id("ing")
    upload = f"uploads/{ingestion_id}"
    command = RegisterDataset(ingestion_id=ingestion_id, name=name, upload=upload, filename=source.name)
    with in_pieces(source) as pieces:
        objects_of(connection.reach.objects).create(upload, pieces)
    return await ingested(connection.bus, command, _SECONDS)


def report(fact: DatasetVersionRegistered) -> None:
    """Print what became of a file."""
    news = "unchanged, still" if fact.unchanged else "now"
    terminal().print(f"{fact.name} is {news} version {fact.number}: {_size(fact)}")
    for note in fact.notes:
        terminal().print(f"[yellow]note[/] {escape(note)}")
    if fact.listed:
        verb = "was" if fact.listed == 1 else "were"
        terminal().print(f"[yellow]{counted(fact.listed, 'malformed row')} {verb} left out[/]:")
        for row in fact.rejected:
            place = f"{row.file}, line" if row.file else "line"
            terminal().print(f"  {place} {row.line}: {row.problem}", markup=False)
        if fact.listed > len(fact.rejected):
            terminal().print(f"  and {fact.listed - len(fact.rejected):,} more")


def _size(fact: DatasetVersionRegistered) -> str:
    return f"{counted(fact.rows, 'row')}, {counted(len(fact.columns), 'column')}"
