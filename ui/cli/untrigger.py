"""`trackside untrigger`."""

from typing import Annotated

import typer

from contracts.message import Event
from contracts.scheduler import RemoveTrigger, TriggerRemoved
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import print_json, terminal


def untrigger(
    trigger: Annotated[str, typer.Argument(metavar="TRIGGER", help="The trigger's id.")], *, as_json: Json = False
) -> None:
    """Remove a trigger; the experiments that it started go on."""
    removed = run(_order(trigger))
    if as_json:
        print_json(removed)
        return
    terminal().print(f"Removed {trigger}.")


async def _order(trigger: str) -> Event:
    async with connected() as connection:
        return await connection.bus.order(RemoveTrigger(trigger_id=trigger), TriggerRemoved)
