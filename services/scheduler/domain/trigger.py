"""A trigger, and what it does when it fires."""

from dataclasses import dataclass

from contracts.ids import ExperimentId, TriggerId, derived
from contracts.ingest import DatasetVersionRegistered
from contracts.scheduler import SetTrigger, TriggerFired, TriggerSet, TriggerSummary
from contracts.training import ExperimentTemplate, StartExperiment


@dataclass(frozen=True)
class Trigger:
    """Starts an experiment by ``template`` when ``dataset`` has a version that it has not fired for."""

    trigger_id: TriggerId
    dataset: str
    template: ExperimentTemplate
    fired: int = 0
    last_experiment_id: ExperimentId | None = None
    last_refusal: str | None = None

    @classmethod
    def of(cls, said: SetTrigger | TriggerSet) -> "Trigger":
        """Return the trigger that a command or a fact describes."""
        return cls(TriggerId(said.trigger_id), said.dataset, said.template)

    def set(self) -> TriggerSet:
        """Return the fact that it waits."""
        return TriggerSet(trigger_id=self.trigger_id, dataset=self.dataset, template=self.template)

    def does_the_same_as(self, other: "Trigger") -> bool:
        """Return whether both start equal experiments on the same versions."""
        return (self.dataset, self.template) == (other.dataset, other.template)

    def fire(self, version: DatasetVersionRegistered) -> tuple[TriggerFired, StartExperiment]:
        """Return what it says about a version: the same, however often it is asked."""
        experiment_id = experiment_for(self.trigger_id, version)
        fired = TriggerFired(
            trigger_id=self.trigger_id,
            dataset=self.dataset,
            dataset_version=version.version,
            experiment_id=experiment_id,
        )
        start = StartExperiment(
            experiment_id=experiment_id, dataset=self.dataset, dataset_version=version.version, template=self.template
        )
        return fired, start

    def summary(self) -> TriggerSummary:
        """Return what a list of triggers says of it."""
        return TriggerSummary(
            trigger_id=self.trigger_id,
            dataset=self.dataset,
            template=self.template,
            fired=self.fired,
            last_experiment_id=self.last_experiment_id,
            last_refusal=self.last_refusal,
        )


def experiment_for(trigger_id: TriggerId, version: DatasetVersionRegistered) -> ExperimentId:
    """Return the id of the experiment that a trigger starts for a version: there is one, on any machine.

    A content that comes back is another version by its number, and is raced anew.
    """
    identity = derived(trigger_id, version.version, version.number)
    return ExperimentId(f"exp-{identity.replace('-', '')[:16]}")
