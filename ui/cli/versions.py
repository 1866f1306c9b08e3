"""`trackside versions`."""

from typing import Annotated

import typer

from contracts.versions import DatasetVersions, ListVersions
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import print_json, print_table, when


def versions(
    name: Annotated[str, typer.Argument(metavar="DATASET", help="The dataset's name.")], *, as_json: Json = False
) -> None:
    """List the versions of a dataset, the latest first."""
    found = run(_ask(name))
    if as_json:
        print_json(found)
        return
    print_table(
        (">VERSION", ">ROWS", ">COLUMNS", "REGISTERED", "ID"),
        ((str(v.number), f"{v.rows:,}", str(v.columns), when(v.registered_at), v.version[:12]) for v in found.versions),
        empty="It has none.",
    )


async def _ask(name: str) -> DatasetVersions:
    async with connected() as connection:
        return await connection.bus.ask(ListVersions(name=name))
