"""Wires the scheduler."""

from contracts.ingest import DatasetRejected, DatasetVersionRegistered
from contracts.scheduler import ListTriggers, RemoveTrigger, SetTrigger, TriggerFired, TriggerRemoved, TriggerSet
from contracts.schedules import (
    ListSchedules,
    RemoveSchedule,
    ScheduleDue,
    ScheduleFired,
    ScheduleRemoved,
    ScheduleSet,
    SetSchedule,
)
from contracts.training import ExperimentRefused
from infra.bus import Handler
from infra.clock import Clock, utc_now
from infra.service import Service
from services.scheduler import handlers, schedules
from services.scheduler.schedule_store import ScheduleStore
from services.scheduler.settings import SchedulerSettings
from services.scheduler.store import METADATA, TriggerStore
from services.scheduler.watch import Watch


def service(settings: SchedulerSettings, clock: Clock = utc_now) -> Service:
    """Return the scheduler, ready to run."""
    triggers, planned = {"triggers": TriggerStore}, {"schedules": ScheduleStore}
    ports = {"clock": clock}
    return Service(
        role="scheduler",
        handlers={
            SetTrigger: Handler(handlers.set_trigger, stores=triggers),
            RemoveTrigger: Handler(handlers.remove_trigger, stores=triggers),
            SetSchedule: Handler(schedules.set_schedule, stores=planned, ports=ports),
            RemoveSchedule: Handler(schedules.remove_schedule, stores=planned),
            ScheduleDue: Handler(schedules.on_schedule_due, stores=planned, ports=ports),
            DatasetVersionRegistered: Handler(schedules.on_dataset_version_registered, stores={**triggers, **planned}),
            DatasetRejected: Handler(schedules.on_dataset_rejected, stores=planned),
            ExperimentRefused: Handler(handlers.on_experiment_refused, stores=triggers),
        },
        questions={
            ListTriggers: Handler(handlers.list_triggers, stores=triggers),
            ListSchedules: Handler(schedules.list_schedules, stores=planned, ports=ports),
        },
        recalls={
            TriggerSet: Handler(handlers.recall_set, stores=triggers),
            TriggerRemoved: Handler(handlers.recall_removed, stores=triggers),
            TriggerFired: Handler(handlers.recall_fired, stores=triggers),
            ScheduleSet: Handler(schedules.recall_set, stores=planned),
            ScheduleRemoved: Handler(schedules.recall_removed, stores=planned),
            ScheduleFired: Handler(schedules.recall_fired, stores=planned),
        },
        tables=METADATA,
        beside=Watch(settings.state_url, clock, settings.watch_seconds).run,
    )
