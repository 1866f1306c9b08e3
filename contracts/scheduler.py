"""What scheduler hears and says: a fact starts an experiment."""

from typing import ClassVar

from contracts.ids import DatasetVersionId, ExperimentId, Key, Name, TriggerId
from contracts.message import Command, Event, Query, Refused, Value
from contracts.training import ExperimentTemplate


class SetTrigger(Command):
    """Start an experiment by ``template`` whenever ``dataset`` gets a new version; answered by TriggerSet."""

    subject: ClassVar[str] = "cmd.scheduler.trigger.set.v1"
    keyed_by: ClassVar[str] = "trigger_id"

    trigger_id: Key
    dataset: Name
    template: ExperimentTemplate


class RemoveTrigger(Command):
    """Forget a trigger; answered by TriggerRemoved or TriggerRefused."""

    subject: ClassVar[str] = "cmd.scheduler.trigger.remove.v1"
    keyed_by: ClassVar[str] = "trigger_id"

    trigger_id: Key


class TriggerSet(Event):
    """A trigger waits for its dataset's next version."""

    subject: ClassVar[str] = "evt.scheduler.trigger.set.v1"
    keyed_by: ClassVar[str] = "trigger_id"

    trigger_id: TriggerId
    dataset: Name
    template: ExperimentTemplate


class TriggerRemoved(Event):
    """A trigger is gone."""

    subject: ClassVar[str] = "evt.scheduler.trigger.removed.v1"
    keyed_by: ClassVar[str] = "trigger_id"

    trigger_id: TriggerId


class TriggerRefused(Refused):
    """A trigger command was not obeyed."""

    subject: ClassVar[str] = "evt.scheduler.trigger.refused.v1"
    keyed_by: ClassVar[str] = "trigger_id"

    trigger_id: TriggerId


class TriggerFired(Event):
    """A new dataset version started an experiment: once for each trigger and numbered version."""

    subject: ClassVar[str] = "evt.scheduler.trigger.fired.v1"
    keyed_by: ClassVar[str] = "trigger_id"

    trigger_id: TriggerId
    dataset: Name
    dataset_version: DatasetVersionId
    experiment_id: ExperimentId


class TriggerSummary(Value):
    """One trigger, and the last experiment that it started."""

    trigger_id: TriggerId
    dataset: Name
    template: ExperimentTemplate
    fired: int
    """How often it started an experiment."""
    last_experiment_id: ExperimentId | None
    """The experiment that it started last; None if it has not fired yet."""
    last_refusal: str | None = None
    """Why that experiment did not start; None if nothing refused it."""


class Triggers(Value):
    """Every trigger, by dataset name."""

    triggers: tuple[TriggerSummary, ...]
    """One by one."""


class ListTriggers(Query[Triggers]):
    """Which triggers wait?"""

    subject: ClassVar[str] = "qry.scheduler.trigger.list.v1"
    keyed_by: ClassVar[str] = "scope"
    answer: ClassVar[type[Value]] = Triggers

    scope: Key = "all"
