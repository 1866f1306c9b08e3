"""The scheduler's own state: schedules, how far each has come, and when each is due."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Boolean, Column, Row, String, Table, Text, insert, select, update

from contracts.ids import IngestionId, ScheduleId
from contracts.schedules import LastSlot, ScheduleDue, ScheduleSet
from infra.state import Transaction
from services.scheduler.domain.schedule import Schedule
from services.scheduler.store import METADATA

_schedules = Table(
    "schedules",
    METADATA,
    Column("schedule_id", String(128), primary_key=True),
    Column("dataset", String(63), nullable=False),
    Column("definition", Text, nullable=False),
    Column("removed", Boolean, nullable=False),
    Column("walked", String(32), nullable=False),
    Column("due", String(32), index=True),
    Column("waits_for", String(128), index=True),
    Column("waits_since", String(32)),
    Column("last", Text),
)


class ScheduleStore:
    """Schedules, and their slots that outlive them: one that is set anew decides none of them again."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, schedule: Schedule) -> Schedule:
        """Keep a schedule that was set, in the place of the one of the same id; return it as it goes on."""
        row = self._transaction.execute(_of(schedule.definition.schedule_id)).first()
        after = schedule.after(_schedule(row) if row else None)
        if row is None:
            self._transaction.execute(insert(_schedules).values(_values(after)))
        else:
            self.keep(after)
        return after

    def keep(self, schedule: Schedule) -> None:
        """Keep how far a schedule has come."""
        mine = _schedules.c.schedule_id == schedule.definition.schedule_id
        self._transaction.execute(update(_schedules).where(mine).values(_values(schedule)))

    def get(self, schedule_id: ScheduleId) -> Schedule | None:
        """Return a schedule; None if there is none of this id."""
        row = self._transaction.execute(_of(schedule_id).where(~_schedules.c.removed)).first()
        return _schedule(row) if row else None

    def remove(self, schedule_id: ScheduleId) -> bool:
        """Forget a schedule; return whether it was there."""
        query = update(_schedules).where(_schedules.c.schedule_id == schedule_id, ~_schedules.c.removed)
        return self._transaction.execute(query.values(removed=True, due=None)).rowcount == 1

    def all(self) -> list[Schedule]:
        """Return the schedules, by dataset."""
        query = select(_schedules).where(~_schedules.c.removed)
        rows = self._transaction.execute(query.order_by(_schedules.c.dataset, _schedules.c.schedule_id)).all()
        return [_schedule(row) for row in rows]

    def overdue(self, by: datetime) -> list[ScheduleDue]:
        """Return the alarms of slots that were due before ``by`` and are not decided."""
        query = select(_schedules.c.schedule_id, _schedules.c.due).where(_schedules.c.due < _text(by))
        rows = self._transaction.execute(query).all()
        return [ScheduleDue(schedule_id=row.schedule_id, due=datetime.fromisoformat(row.due)) for row in rows]

    def answered(self, ingestion_id: IngestionId, answer: str) -> None:
        """Keep what a read came to; one that no schedule waits for changes nothing."""
        query = select(_schedules).where(_schedules.c.waits_for == ingestion_id)
        for row in self._transaction.execute(query).all():
            last = _schedule(row).answered(answer).last
            values = {"waits_for": None, "waits_since": None, "last": last.model_dump_json() if last else None}
            mine = _schedules.c.schedule_id == row.schedule_id
            self._transaction.execute(update(_schedules).where(mine).values(values))


def _of(schedule_id: ScheduleId) -> Any:
    return select(_schedules).where(_schedules.c.schedule_id == schedule_id)


def _values(schedule: Schedule) -> dict[str, Any]:
    definition, due, since, last = schedule.definition, schedule.due, schedule.waits_since, schedule.last
    return {
        "schedule_id": definition.schedule_id,
        "dataset": definition.dataset,
        "definition": definition.model_dump_json(),
        "removed": False,
        "walked": _text(schedule.walked),
        "due": _text(due) if due else None,
        "waits_for": schedule.waits_for,
        "waits_since": _text(since) if since else None,
        "last": last.model_dump_json() if last else None,
    }


def _schedule(row: Row[Any]) -> Schedule:
    return Schedule(
        definition=ScheduleSet.model_validate_json(row.definition),
        walked=datetime.fromisoformat(row.walked),
        waits_for=row.waits_for,
        waits_since=datetime.fromisoformat(row.waits_since) if row.waits_since else None,
        last=LastSlot.model_validate_json(row.last) if row.last else None,
    )


def _text(instant: datetime) -> str:
    """Return an instant so that the later one is the greater text."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")
