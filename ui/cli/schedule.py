"""`trackside schedule`."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from contracts.schedules import ListSchedules, Missed, ScheduleSet, ScheduleSummary, SetSchedule
from contracts.sources import SourceAsked
from ui.cli.connection import connected, new_id, run
from ui.cli.exits import WrongUsage
from ui.cli.options import Json
from ui.cli.output import print_json, terminal
from ui.cli.pairs import checked, pairs


def schedule(  # noqa: PLR0913 - one for each option
    cron: Annotated[
        str, typer.Argument(metavar="CRON", help="Minute, hour, day of the month, month, day of the week: '0 3 * * *'.")
    ],
    options: Annotated[
        list[str] | None, typer.Argument(metavar="KEY=VALUE", help="What that kind of source wants to know.")
    ] = None,
    *,
    name: Annotated[str, typer.Option(help="The dataset whose next version it becomes.")],
    kind: Annotated[str, typer.Option(help="The kind of source that is read.")],
    zone: Annotated[str, typer.Option(help="The time zone whose clock is meant, such as Europe/Paris.")] = "UTC",
    credentials: Annotated[
        str | None, typer.Option(help="The name under which ingest keeps what the source asks for.")
    ] = None,
    missed: Annotated[
        Missed, typer.Option(help="Slots that passed while nothing ran: make up for none, the latest, or all.")
    ] = "once",
    until: Annotated[
        str | None,
        typer.Option(metavar="TIME", help="When its last slot may be, by the zone's clock: 2027-01-31T12:00."),
    ] = None,
    schedule_id: Annotated[
        str | None, typer.Option("--id", help="Replaces the schedule of this id; a new one if not given.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Read a source again by the clock: at every slot of a cron expression, once each."""
    command = SetSchedule(
        schedule_id=schedule_id or new_id("sch"),
        cron=cron,
        zone=zone,
        dataset=name,
        source=SourceAsked(kind=kind, options=pairs(options or ()), credentials=credentials),
        missed=missed,
        until=moment(until, zone) if until else None,
    )
    answer, summary = run(_order(command))
    if as_json:
        print_json(answer)
        return
    terminal().print(f"Schedule {answer.schedule_id} reads {name}: {told(summary)}.")
    terminal().print(f"Remove it with: trackside unschedule {answer.schedule_id}")


def moment(text: str, zone: str) -> datetime:
    """Return the moment that ``text`` says, by the clock of ``zone`` unless it says another offset.

    Raises:
        WrongUsage: if it says none.
    """
    try:
        said = datetime.fromisoformat(text)
        return said if said.tzinfo else said.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, LookupError, OSError):
        problem = f"--until {text!r} is no time of {zone!r}."
        raise WrongUsage(f"{problem} Give one such as 2027-01-31T12:00, and a zone such as Europe/Paris.") from None


def told(summary: ScheduleSummary) -> str:
    """Return when a schedule is due, in words, and its next slots by its own clock."""
    slots = [slot.astimezone(ZoneInfo(summary.zone)).strftime("%Y-%m-%d %H:%M") for slot in summary.next]
    return f"{summary.explained}; next: {', '.join(slots[:3])}" if slots else f"{summary.explained}; it is over"


async def _order(command: SetSchedule) -> tuple[ScheduleSet, ScheduleSummary]:
    """Return the fact that the schedule is set, and how the list tells it."""
    async with connected() as connection:
        await checked(connection.bus, command.source)
        answer = await connection.bus.order(command, ScheduleSet)
        assert isinstance(answer, ScheduleSet)
        listed = await connection.bus.ask(ListSchedules())
        return answer, next(one for one in listed.schedules if one.schedule_id == answer.schedule_id)
