"""`trackside unschedule`."""

from typing import Annotated

import typer

from contracts.message import Event
from contracts.schedules import RemoveSchedule, ScheduleRemoved
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import print_json, terminal


def unschedule(
    schedule: Annotated[str, typer.Argument(metavar="SCHEDULE", help="The schedule's id.")], *, as_json: Json = False
) -> None:
    """Remove a schedule; what it has read stays."""
    removed = run(_order(schedule))
    if as_json:
        print_json(removed)
        return
    terminal().print(f"Removed {schedule}.")


async def _order(schedule: str) -> Event:
    async with connected() as connection:
        return await connection.bus.order(RemoveSchedule(schedule_id=schedule), ScheduleRemoved)
