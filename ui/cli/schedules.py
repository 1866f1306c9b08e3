"""`trackside schedules`."""

from zoneinfo import ZoneInfo

from contracts.schedules import ListSchedules, Schedules, ScheduleSummary
from ui.cli.connection import connected, run
from ui.cli.options import Json
from ui.cli.output import print_json, print_table


def schedules(*, as_json: Json = False) -> None:
    """List the schedules, by dataset: what each reads, when next, and what became of its latest slot."""
    found = run(_ask())
    if as_json:
        print_json(found)
        return
    print_table(
        ("SCHEDULE", "DATASET", "SOURCE", "WHEN", "NEXT", "LAST"),
        ((s.schedule_id, s.dataset, s.source.kind, s.explained, next_of(s), last_of(s)) for s in found.schedules),
        empty="There are no schedules yet. Set one with: trackside schedule CRON --name DATASET --kind KIND KEY=VALUE",
    )


def next_of(schedule: ScheduleSummary) -> str:
    """Return the schedule's next slot, by its own clock."""
    if not schedule.next:
        return "over"
    return schedule.next[0].astimezone(ZoneInfo(schedule.zone)).strftime("%Y-%m-%d %H:%M")


def last_of(schedule: ScheduleSummary) -> str:
    """Return what became of the schedule's latest slot."""
    last = schedule.last
    if last is None:
        return ""
    slot = last.slot.astimezone(ZoneInfo(schedule.zone)).strftime("%Y-%m-%d %H:%M")
    if last.decided == "skipped":
        return f"{slot} skipped: {last.why}"
    return f"{slot} {last.answer or 'is read'}"


async def _ask() -> Schedules:
    async with connected() as connection:
        return await connection.bus.ask(ListSchedules())
