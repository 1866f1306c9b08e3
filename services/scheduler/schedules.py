"""From a message about a schedule, or what it waits for, to the scheduler's answer."""

from contracts.errors import Refusal
from contracts.ids import ScheduleId
from contracts.ingest import DatasetRejected, DatasetVersionRegistered
from contracts.message import Message
from contracts.schedules import (
    ListSchedules,
    RemoveSchedule,
    ScheduleDue,
    ScheduleFired,
    ScheduleRefused,
    ScheduleRemoved,
    Schedules,
    ScheduleSet,
    SetSchedule,
)
from infra.clock import Clock
from services.scheduler import handlers
from services.scheduler.domain.errors import UnknownSchedule
from services.scheduler.domain.schedule import Schedule
from services.scheduler.schedule_store import ScheduleStore
from services.scheduler.store import TriggerStore


def set_schedule(command: SetSchedule, schedules: ScheduleStore, clock: Clock) -> list[Message]:
    """Wait for the schedule's next slot; a schedule of the same id is replaced."""
    try:
        schedule = Schedule.of(command, clock())
    except Refusal as refusal:
        return [_refused(ScheduleId(command.schedule_id), refusal)]
    schedule = schedules.put(schedule)
    return [schedule.definition, *_alarm(schedule)]


def remove_schedule(command: RemoveSchedule, schedules: ScheduleStore) -> list[Message]:
    """Forget the schedule; its alarm will find nothing to do."""
    schedule_id = ScheduleId(command.schedule_id)
    if schedules.remove(schedule_id):
        return [ScheduleRemoved(schedule_id=schedule_id)]
    return [_refused(schedule_id, UnknownSchedule(schedule_id))]


def on_schedule_due(alarm: ScheduleDue, schedules: ScheduleStore, clock: Clock) -> list[Message]:
    """Decide every slot that is due, order what is to be read, and set the alarm for the next."""
    schedule = schedules.get(ScheduleId(alarm.schedule_id))
    if schedule is None:
        return []
    said: list[Message] = []
    for fact in schedule.fire(clock()):
        schedule = schedule.fired(fact)
        said.append(fact)
        if fact.ingestion_id is not None:
            said.append(schedule.read(fact.ingestion_id))
    schedules.keep(schedule)
    return [*said, *_alarm(schedule)]


def on_dataset_version_registered(
    event: DatasetVersionRegistered, triggers: TriggerStore, schedules: ScheduleStore
) -> list[Message]:
    """Know what a schedule's read came to, and fire the triggers of the dataset."""
    news = "unchanged" if event.unchanged else f"{event.rows} rows"
    schedules.answered(event.ingestion_id, f"version {event.number} of {event.name}, {news}")
    return handlers.on_dataset_version_registered(event, triggers)


def on_dataset_rejected(event: DatasetRejected, schedules: ScheduleStore) -> list[Message]:
    """Know why a schedule's read came to nothing."""
    schedules.answered(event.ingestion_id, f"refused: {event.cause}")
    return []


def list_schedules(_question: ListSchedules, schedules: ScheduleStore, clock: Clock) -> Schedules:
    """Return every schedule."""
    now = clock()
    return Schedules(schedules=tuple(schedule.summary(now) for schedule in schedules.all()))


def recall_set(event: ScheduleSet, schedules: ScheduleStore) -> list[Message]:
    """Know again a schedule that was set: used when this service's state is rebuilt from its own facts."""
    schedules.put(Schedule(event, event.since))
    return []


def recall_removed(event: ScheduleRemoved, schedules: ScheduleStore) -> list[Message]:
    """Know again that a schedule is gone."""
    schedules.remove(event.schedule_id)
    return []


def recall_fired(event: ScheduleFired, schedules: ScheduleStore) -> list[Message]:
    """Know again what became of a slot."""
    if schedule := schedules.get(event.schedule_id):
        schedules.keep(schedule.fired(event))
    return []


def _alarm(schedule: Schedule) -> list[Message]:
    alarm = schedule.alarm()
    return [alarm] if alarm else []


def _refused(schedule_id: ScheduleId, refusal: Refusal) -> ScheduleRefused:
    return ScheduleRefused(schedule_id=schedule_id, reason=refusal.reason, cause=refusal.cause, cure=refusal.cure)
