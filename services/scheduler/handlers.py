"""From a message to the scheduler's answer."""

from contracts.errors import Refusal
from contracts.ids import TriggerId
from contracts.ingest import DatasetVersionRegistered
from contracts.message import Message
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
from contracts.training import ExperimentRefused
from services.scheduler.domain.errors import TriggerAlreadySet, UnknownTrigger
from services.scheduler.domain.trigger import Trigger
from services.scheduler.store import TriggerStore


def set_trigger(command: SetTrigger, triggers: TriggerStore) -> list[Message]:
    """Wait for the dataset's next version; a trigger of the same id is replaced, one that does the same refused."""
    trigger = Trigger.of(command)
    for other in triggers.all(trigger.dataset):
        if other.trigger_id != trigger.trigger_id and other.does_the_same_as(trigger):
            return [_refused(trigger.trigger_id, TriggerAlreadySet(other.trigger_id, other.dataset))]
    triggers.put(trigger)
    return [trigger.set()]


def remove_trigger(command: RemoveTrigger, triggers: TriggerStore) -> list[Message]:
    """Forget the trigger."""
    trigger_id = TriggerId(command.trigger_id)
    if triggers.remove(trigger_id):
        return [TriggerRemoved(trigger_id=trigger_id)]
    return [_refused(trigger_id, UnknownTrigger(trigger_id))]


def on_dataset_version_registered(event: DatasetVersionRegistered, triggers: TriggerStore) -> list[Message]:
    """Fire each of the dataset's triggers that has not fired for this version, if it is a new one."""
    if event.unchanged:
        return []
    said: list[Message] = []
    for trigger in triggers.all(event.name):
        fired, start = trigger.fire(event)
        if not triggers.has_fired(fired.experiment_id):
            triggers.remember_fired(fired)
            said += fired, start
    return said


def on_experiment_refused(event: ExperimentRefused, triggers: TriggerStore) -> list[Message]:
    """Know why an experiment that a trigger fired for did not start."""
    triggers.remember_refused(event.experiment_id, event.cause)
    return []


def list_triggers(_question: ListTriggers, triggers: TriggerStore) -> Triggers:
    """Return every trigger."""
    return Triggers(triggers=tuple(trigger.summary() for trigger in triggers.all()))


def recall_set(event: TriggerSet, triggers: TriggerStore) -> list[Message]:
    """Know again a trigger that was set: used when this service's state is rebuilt from its own facts."""
    triggers.put(Trigger.of(event))
    return []


def recall_removed(event: TriggerRemoved, triggers: TriggerStore) -> list[Message]:
    """Know again that a trigger is gone."""
    triggers.remove(event.trigger_id)
    return []


def recall_fired(event: TriggerFired, triggers: TriggerStore) -> list[Message]:
    """Know again what a trigger has fired for."""
    triggers.remember_fired(event)
    return []


def _refused(trigger_id: TriggerId, refusal: Refusal) -> TriggerRefused:
    return TriggerRefused(trigger_id=trigger_id, reason=refusal.reason, cause=refusal.cause, cure=refusal.cure)
