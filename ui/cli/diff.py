"""`trackside diff`."""

from collections.abc import Iterator
from typing import Annotated

import typer
from rich.markup import escape

from contracts.versions import ColumnDrift, CompareVersions, SchemaDifference, VersionsCompared
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import counted, print_json, print_table, terminal


def diff(
    name: Annotated[str, typer.Argument(metavar="DATASET", help="The dataset's name.")],
    before: Annotated[
        int | None, typer.Argument(metavar="A", help="Number of a version; the one before the other if not given.")
    ] = None,
    after: Annotated[
        int | None, typer.Argument(metavar="B", help="Number of the other version; the latest if not given.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Say how two versions of a dataset differ: columns, and how far the values of each moved."""
    found = run(_ask(CompareVersions(name=name, before=before, after=after)))
    if as_json:
        print_json(found)
        return
    a, b = found.before, found.after
    terminal().print(
        f"{name} version {a.number} ({counted(a.rows, 'row')}) and version {b.number} ({counted(b.rows, 'row')})"
    )
    for line in columns_told(found.difference):
        terminal().print(escape(line), soft_wrap=True)
    print_table(
        ("COLUMN", "DRIFT", ">STABILITY INDEX", ">MISSING BEFORE", ">AFTER"),
        map(_row, found.drifts),
        empty="They have no column in common.",
    )


def columns_told(difference: SchemaDifference) -> Iterator[str]:
    """Yield a line for each column that came, went, or changed its type."""
    yield from (f"added: {column.name} ({column.type})" for column in difference.added)
    yield from (f"removed: {column.name} ({column.type})" for column in difference.removed)
    yield from (f"changed: {column.name} (was {column.was}, is {column.type})" for column in difference.retyped)


def _row(drift: ColumnDrift) -> tuple[str, ...]:
    stability = "" if drift.stability is None else f"{drift.stability:.3f}"
    return escape(drift.name), drift.drift, stability, f"{drift.missing_before:.1%}", f"{drift.missing_after:.1%}"


async def _ask(query: CompareVersions) -> VersionsCompared:
    async with connected() as connection:
        return await connection.bus.ask(query)
