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
from services.scheduler.domain.errors import UnknownTrigger
from services.scheduler.domain.trigger import Trigger
from services.scheduler.store import TriggerStore


def set_trigger(command: SetTrigger, triggers: TriggerStore) -> list[Message]:
    """Wait for the dataset's next version; a trigger of the same id is replaced."""
    trigger = Trigger.of(command)
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
        if not triggers.has_fired(trigger.trigger_id, event.version):
            fired, start = trigger.fire(event.version)
            triggers.remember_fired(fired)
            said += fired, start
    return said


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
