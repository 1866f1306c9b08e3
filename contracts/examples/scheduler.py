"""Examples of what scheduler hears and says."""

from contracts.examples.story import DATASET, EXPERIMENT, TEMPLATE, TRIGGER, VERSION, Wire
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

_TRIGGER: Wire = {"trigger_id": TRIGGER, "dataset": DATASET, "template": TEMPLATE}

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
}
