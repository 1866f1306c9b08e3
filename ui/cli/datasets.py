"""`trackside datasets`."""

from contracts.ingest import Datasets, ListDatasets
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import print_json, print_table, when


def datasets(*, as_json: Json = False) -> None:
    """List the datasets, the latest registered first."""
    found = run(_ask())
    if as_json:
        print_json(found)
        return
    print_table(
        ("NAME", ">VERSION", ">ROWS", ">COLUMNS", ">LEFT OUT", "REGISTERED", "ID"),
        (
            (
                d.name,
                str(d.number),
                f"{d.rows:,}",
                str(len(d.columns)),
                str(d.listed),
                when(d.registered_at),
                d.version[:12],
            )
            for d in found.datasets
        ),
        empty="There are no datasets yet. Add one with: trackside ingest FILE --name NAME",
    )


async def _ask() -> Datasets:
    async with connected() as connection:
        return await connection.bus.ask(ListDatasets())
