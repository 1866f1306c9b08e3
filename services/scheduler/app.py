"""Wires the scheduler."""

from contracts.ingest import DatasetVersionRegistered
from contracts.scheduler import ListTriggers, RemoveTrigger, SetTrigger, TriggerFired, TriggerRemoved, TriggerSet
from contracts.training import ExperimentRefused
from infra.bus import Handler
from infra.service import Service
from services.scheduler import handlers
from services.scheduler.settings import SchedulerSettings
from services.scheduler.store import METADATA, TriggerStore


def service(_settings: SchedulerSettings) -> Service:
    """Return the scheduler, ready to run."""
    triggers = {"triggers": TriggerStore}
    return Service(
        role="scheduler",
        handlers={
            SetTrigger: Handler(handlers.set_trigger, stores=triggers),
            RemoveTrigger: Handler(handlers.remove_trigger, stores=triggers),
            DatasetVersionRegistered: Handler(handlers.on_dataset_version_registered, stores=triggers),
            ExperimentRefused: Handler(handlers.on_experiment_refused, stores=triggers),
        },
        questions={ListTriggers: Handler(handlers.list_triggers, stores=triggers)},
        recalls={
            TriggerSet: Handler(handlers.recall_set, stores=triggers),
            TriggerRemoved: Handler(handlers.recall_removed, stores=triggers),
            TriggerFired: Handler(handlers.recall_fired, stores=triggers),
        },
        tables=METADATA,
    )
