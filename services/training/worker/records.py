"""What is finished, written down once: the first outcome of any work is the one that everybody states."""

from typing import TypeVar

from contracts.ids import ModelVersionId, derived
from contracts.reports import ModelVersionReported, PredictionExplained
from contracts.training import FitCompleted, ModelVersionCreated, RefitCandidate
from infra.objects import ObjectMissing
from ml.engines.own import is_own
from services.training.worker.ports import ObjectStore

FactT = TypeVar("FactT", FitCompleted, ModelVersionCreated, ModelVersionReported, PredictionExplained)


def model_version_id(command: RefitCandidate) -> ModelVersionId:
    """Return the id of the model version that a plan's candidate becomes.

    A person's own class becomes another one in each experiment, as its code may have changed.
    """
    own = (command.experiment_id,) if is_own(command.candidate) else ()
    return ModelVersionId(f"mv-{derived(command.plan_digest, command.candidate, *own)}")


class Records:
    """Finished work by its id."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    def fit(self, fit_id: str) -> FitCompleted | None:
        """Return how a fit was completed, if it was."""
        return self._read(FitCompleted, _key_of_fit(fit_id))

    def keep_fit(self, fact: FitCompleted) -> FitCompleted:
        """Write a fit down, and return what is written: another worker may have been first."""
        return self._keep(fact, _key_of_fit(fact.fit_id))

    def model_version(self, id_: ModelVersionId) -> ModelVersionCreated | None:
        """Return how a model version was created, if it was."""
        return self._read(ModelVersionCreated, _key_of_model_version(id_))

    def keep_model_version(self, fact: ModelVersionCreated) -> ModelVersionCreated:
        """Write a model version down, and return what is written."""
        return self._keep(fact, _key_of_model_version(fact.model_version_id))

    def report(self, id_: ModelVersionId) -> ModelVersionReported | None:
        """Return how a model version was reported, if it was."""
        return self._read(ModelVersionReported, _key_of_report(id_))

    def keep_report(self, fact: ModelVersionReported) -> ModelVersionReported:
        """Write a report down, and return what is written."""
        return self._keep(fact, _key_of_report(fact.model_version_id))

    def explanation(self, prediction_id: str) -> PredictionExplained | None:
        """Return how a prediction was explained, if it was."""
        return self._read(PredictionExplained, _key_of_report(prediction_id))

    def keep_explanation(self, fact: PredictionExplained) -> PredictionExplained:
        """Write an explanation down, and return what is written."""
        return self._keep(fact, _key_of_report(fact.prediction_id))

    def _read(self, kind: type[FactT], key: str) -> FactT | None:
        try:
            return kind.model_validate_json(self._objects.read(key))
        except ObjectMissing:
            return None

    def _keep(self, fact: FactT, key: str) -> FactT:
        if self._objects.create(key, [fact.model_dump_json().encode()]):
            return fact
        return type(fact).model_validate_json(self._objects.read(key))


def _key_of_fit(fit_id: str) -> str:
    return f"fits/{fit_id}.json"


def _key_of_model_version(id_: ModelVersionId) -> str:
    return f"model-versions/{id_}.json"


def _key_of_report(id_: str) -> str:
    return f"reports/{id_}.json"
