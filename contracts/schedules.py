"""What scheduler hears and says of schedules: a source is read again by the clock."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import AwareDatetime

from contracts.ids import IngestionId, Key, Name, ScheduleId
from contracts.message import Alarm, Command, Event, Query, Refused, Value
from contracts.sources import SourceAsked

Missed = Literal["none", "once", "all"]
"""What becomes of slots that passed while nothing ran: none is made up for, the latest is, or all are."""


class SetSchedule(Command):
    """Read ``source`` into ``dataset`` at every slot of ``cron``; answered by ScheduleSet or ScheduleRefused.

    A schedule of the same id is replaced.
    """

    subject: ClassVar[str] = "cmd.scheduler.schedule.set.v1"
    keyed_by: ClassVar[str] = "schedule_id"

    schedule_id: Key
    cron: str
    """Five fields: minute, hour, day of the month, month, day of the week."""
    zone: str = "UTC"
    """The time zone whose clock the fields mean, by its IANA name."""
    dataset: Name
    source: SourceAsked
    """What is read."""
    missed: Missed = "once"
    """What becomes of slots that passed while nothing ran: none is made up for, the latest is, or all are."""
    until: AwareDatetime | None = None
    """When its last slot may be; None if it has no end."""


class RemoveSchedule(Command):
    """Forget a schedule; answered by ScheduleRemoved or ScheduleRefused."""

    subject: ClassVar[str] = "cmd.scheduler.schedule.remove.v1"
    keyed_by: ClassVar[str] = "schedule_id"

    schedule_id: Key


class ScheduleSet(Event):
    """A schedule waits for its next slot."""

    subject: ClassVar[str] = "evt.scheduler.schedule.set.v1"
    keyed_by: ClassVar[str] = "schedule_id"

    schedule_id: ScheduleId
    cron: str
    """Minute, hour, day of the month, month, day of the week."""
    zone: str
    """The time zone whose clock the fields mean."""
    dataset: Name
    source: SourceAsked
    """What is read."""
    missed: Missed
    """What becomes of slots that passed while nothing ran."""
    until: datetime | None = None
    """When its last slot may be; None if it has no end."""
    since: datetime
    """When it was set: its first slot is the next one after that."""


class ScheduleRemoved(Event):
    """A schedule is gone."""

    subject: ClassVar[str] = "evt.scheduler.schedule.removed.v1"
    keyed_by: ClassVar[str] = "schedule_id"

    schedule_id: ScheduleId


class ScheduleRefused(Refused):
    """A schedule command was not obeyed."""

    subject: ClassVar[str] = "evt.scheduler.schedule.refused.v1"
    keyed_by: ClassVar[str] = "schedule_id"

    schedule_id: ScheduleId


class ScheduleFired(Event):
    """A slot came, and this is what became of it: said once for each slot, whatever was killed."""

    subject: ClassVar[str] = "evt.scheduler.schedule.fired.v1"
    keyed_by: ClassVar[str] = "schedule_id"

    schedule_id: ScheduleId
    dataset: Name
    slot: datetime
    """The instant that was due, in UTC."""
    decided: Literal["read", "skipped"]
    """Whether the source is read for it."""
    ingestion_id: IngestionId | None
    """What the source is read under: it follows from schedule and slot; None if it was skipped."""
    why: str | None = None
    """Why it was skipped, or read late, in words; None if there is nothing to say."""
    decided_at: datetime
    """When this was decided: the delay behind the slot."""


class ScheduleDue(Alarm):
    """A schedule's next slot is due: what scheduler tells itself by way of nats-server."""

    subject: ClassVar[str] = "sched.scheduler.schedule.due.v1"
    keyed_by: ClassVar[str] = "schedule_id"

    schedule_id: Key


class LastSlot(Value):
    """What became of a schedule's latest slot."""

    slot: datetime
    """The instant that was due, in UTC."""
    decided: Literal["read", "skipped"]
    """Whether the source was read for it."""
    why: str | None = None
    """Why it was skipped, or read late."""
    ingestion_id: IngestionId | None = None
    """What the source is read under; None if it was skipped."""
    answer: str | None = None
    """What came of reading it, in words; None while there is no answer."""


class ScheduleSummary(Value):
    """One schedule: what it reads, when next, and what became of its latest slot."""

    schedule_id: ScheduleId
    cron: str
    """Minute, hour, day of the month, month, day of the week."""
    zone: str
    """The time zone whose clock the fields mean."""
    explained: str
    """When that is, in words."""
    dataset: Name
    source: SourceAsked
    """What is read."""
    missed: Missed
    """What becomes of slots that passed while nothing ran."""
    until: datetime | None = None
    """When its last slot may be; None if it has no end."""
    next: tuple[datetime, ...]
    """Its next slots, in UTC; empty if it is over."""
    last: LastSlot | None = None
    """What became of its latest slot; None before the first."""


class Schedules(Value):
    """Every schedule, by dataset name."""

    schedules: tuple[ScheduleSummary, ...]
    """One by one."""


class ListSchedules(Query[Schedules]):
    """Which schedules are there, and when is each due?"""

    subject: ClassVar[str] = "qry.scheduler.schedule.list.v1"
    keyed_by: ClassVar[str] = "scope"
    answer: ClassVar[type[Value]] = Schedules

    scope: Key = "all"
