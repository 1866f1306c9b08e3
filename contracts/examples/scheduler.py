"""Examples of what scheduler hears and says."""

from contracts.examples.story import DATASET, EXPERIMENT, SCHEDULE, TEMPLATE, TRIGGER, VERSION, Wire
from contracts.message import Value
from contracts.scheduler import (
    ListTriggers,
    RemoveTrigger,
    SetTrigger,
    TriggerFired,
    TriggerRefused,
    TriggerRemoved,
    Triggers,
    TriggerSet,
)
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

_TRIGGER: Wire = {"trigger_id": TRIGGER, "dataset": DATASET, "template": TEMPLATE}

_SCHEDULE: Wire = {
    "schedule_id": SCHEDULE,
    "cron": "0 3 * * *",
    "zone": "Europe/Paris",
    "dataset": DATASET,
    "source": {
        "kind": "s3",
        "options": {"url": "s3://field-station/penguins/", "pattern": "*.csv"},
        "credentials": "field-station",
    },
    "missed": "once",
}
_SLOT: Wire = {
    "slot": "2026-11-26T02:00:00Z",
    "decided": "read",
    # What follows from the schedule and the slot.
    "ingestion_id": "ing-f501ebf237d65d8c",
}

SCHEDULER: dict[type[Value], Wire] = {
    SetTrigger: _TRIGGER,
    RemoveTrigger: {"trigger_id": TRIGGER},
    TriggerSet: _TRIGGER,
    TriggerRemoved: {"trigger_id": TRIGGER},
    TriggerRefused: {
        "trigger_id": "trg-none",
        "reason": "UnknownTrigger",
        "cause": "There is no trigger 'trg-none'.",
        "cure": "List the triggers to see which there are.",
    },
    TriggerFired: {
        "trigger_id": TRIGGER,
        "dataset": DATASET,
        "dataset_version": VERSION,
        "experiment_id": EXPERIMENT,
    },
    ListTriggers: {"scope": "all"},
    Triggers: {"triggers": [{**_TRIGGER, "fired": 1, "last_experiment_id": EXPERIMENT}]},
    SetSchedule: _SCHEDULE,
    RemoveSchedule: {"schedule_id": SCHEDULE},
    ScheduleSet: {**_SCHEDULE, "since": "2026-11-25T09:12:40.518402Z"},
    ScheduleRemoved: {"schedule_id": SCHEDULE},
    ScheduleRefused: {
        "schedule_id": SCHEDULE,
        "reason": "NotACronExpression",
        "cause": "'0 0 3 * * *' does not say when: it has 6 fields, not five.",
        "cure": "Give minute, hour, day of the month, month and day of the week: '0 3 * * *' is 03:00 every day.",
    },
    ScheduleFired: {
        "schedule_id": SCHEDULE,
        "dataset": DATASET,
        **_SLOT,
        "decided_at": "2026-11-26T02:00:00.003811Z",
    },
    ScheduleDue: {"schedule_id": SCHEDULE, "due": "2026-11-26T02:00:00Z"},
    ListSchedules: {"scope": "all"},
    Schedules: {
        "schedules": [
            {
                **_SCHEDULE,
                "explained": "At 03:00 every day, Europe/Paris",
                "next": ["2026-11-27T02:00:00Z", "2026-11-28T02:00:00Z"],
                "last": {**_SLOT, "answer": "version 3 of penguins, 204 rows"},
            }
        ]
    },
}
