"""A schedule: what it reads, how far it has come, and what it says when a slot is due."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice, takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contracts.ids import IngestionId, ScheduleId, derived
from contracts.schedules import LastSlot, ScheduleDue, ScheduleFired, ScheduleSet, ScheduleSummary, SetSchedule
from contracts.sources import ReadSource
from services.scheduler.domain.cron import Cron
from services.scheduler.domain.errors import NeverDue, UnknownZone
from services.scheduler.domain.policy import decide
from services.scheduler.domain.slots import slots

_SHOWN = 10


@dataclass(frozen=True)
class Schedule:
    """A definition, and what became of its slots so far."""

    definition: ScheduleSet
    walked: datetime
    """Every slot up to this instant is decided."""
    waits_for: IngestionId | None = None
    """The read that has no answer yet."""
    waits_since: datetime | None = None
    """When it was asked for."""
    last: LastSlot | None = None

    @classmethod
    def of(cls, said: SetSchedule | ScheduleSet, now: datetime) -> "Schedule":
        """Return the schedule that a command or a fact describes, from ``now`` on.

        Raises:
            NotACronExpression: if it does not say when.
            UnknownZone: if its time zone is none.
            NeverDue: if it would have no slot.
        """
        definition = ScheduleSet(**dict(said) | {"since": now})
        schedule = cls(definition, now)
        _zone(said.zone)
        if schedule.due is None:
            raise NeverDue(said.cron, said.zone, said.until.isoformat() if said.until else None)
        return schedule

    def after(self, earlier: "Schedule | None") -> "Schedule":
        """Return it in the place of an earlier one, whose slots are not decided again."""
        return (
            self
            if earlier is None
            else replace(earlier, definition=self.definition, walked=max(self.walked, earlier.walked))
        )

    @property
    def due(self) -> datetime | None:
        """The next slot; None if it is over."""
        return next(self._slots(), None)

    def alarm(self) -> ScheduleDue | None:
        """Return what wakes it at its next slot; None if it is over."""
        due = self.due
        return ScheduleDue(schedule_id=self.definition.schedule_id, due=due) if due else None

    def fire(self, now: datetime) -> list[ScheduleFired]:
        """Return what becomes of each slot that is due."""
        due = takewhile(lambda slot: slot <= now, self._slots())
        definition = self.definition
        return [
            ScheduleFired(
                schedule_id=definition.schedule_id,
                dataset=definition.dataset,
                slot=decision.slot,
                decided="read" if decision.read else "skipped",
                ingestion_id=ingestion_for(definition.schedule_id, decision.slot) if decision.read else None,
                why=decision.why,
                decided_at=now,
            )
            for decision in decide(due, now, definition.missed, self.waits_since)
        ]

    def fired(self, fact: ScheduleFired) -> "Schedule":
        """Return it after a slot was decided."""
        last = LastSlot(slot=fact.slot, decided=fact.decided, why=fact.why, ingestion_id=fact.ingestion_id)
        after = replace(self, walked=max(self.walked, fact.slot), last=last)
        return replace(after, waits_for=fact.ingestion_id, waits_since=fact.decided_at) if fact.ingestion_id else after

    def answered(self, answer: str) -> "Schedule":
        """Return it after the read that it waits for was answered."""
        last = self.last
        if last is not None and last.ingestion_id == self.waits_for:
            last = last.model_copy(update={"answer": answer})
        return replace(self, waits_for=None, waits_since=None, last=last)

    def read(self, ingestion_id: IngestionId) -> ReadSource:
        """Return the order to read its source."""
        return ReadSource(ingestion_id=ingestion_id, name=self.definition.dataset, source=self.definition.source)

    def summary(self, now: datetime) -> ScheduleSummary:
        """Return what a list of schedules says of it."""
        said = self.definition
        coming = (slot for slot in self._slots() if slot > now)
        return ScheduleSummary(
            **dict(said),
            explained=f"{Cron.parse(said.cron).explained()}, {said.zone}",
            next=tuple(islice(coming, _SHOWN)),
            last=self.last,
        )

    def _slots(self) -> Iterator[datetime]:
        said = self.definition
        coming = slots(Cron.parse(said.cron), _zone(said.zone), self.walked)
        return takewhile(lambda slot: said.until is None or slot <= said.until, coming)


def ingestion_for(schedule_id: ScheduleId, slot: datetime) -> IngestionId:
    """Return the id under which a schedule reads its source at a slot: there is one, on any machine."""
    identity = derived(schedule_id, slot.astimezone(UTC).isoformat())
    return IngestionId(f"ing-{identity.replace('-', '')[:16]}")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(name) from None
