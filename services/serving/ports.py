"""What serving needs from outside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from contracts.serving import DeploymentReady
from contracts.training import ModelVersionCreated
from services.serving.domain.rows import Columns


@dataclass(frozen=True)
class Answer:
    """What a model says of one row."""

    prediction: str | int | float | bool
    probabilities: Mapping[str, float] | None
    """By class; None for regression, and for a model that gives none."""
    measures: Mapping[str, float] = field(default_factory=dict)
    """What else it says: ``score``, how unusual the row is; ``low`` and ``high``, around a forecast."""


class Model(Protocol):
    """A loaded model version; not safe for threads."""

    def answer(self, columns: Columns) -> Sequence[Answer]:
        """Return one answer per row.

        Raises:
            RowsUnanswered: if the model fails on these rows.
        """


class Models(Protocol):
    """Where model versions are loaded from."""

    def load(self, version: ModelVersionCreated) -> Model:
        """Return the model, its artifact's digest checked before anything in it is run.

        Raises:
            ArtifactMissing, ArtifactDamaged, ArtifactUnusable: if it cannot be.
        """


class Endpoints(Protocol):
    """What answers under which name, right now."""

    def bind(self, deployment: DeploymentReady, version: ModelVersionCreated, model: Model) -> None:
        """Let ``model`` answer under the deployment's name from now on, in place of what did before."""


def row_of(answer: Answer) -> dict[str, Any]:
    """Return an answer as it is written on the wire."""
    said: dict[str, Any] = {"prediction": answer.prediction}
    if answer.probabilities is not None:
        said["probabilities"] = dict(answer.probabilities)
    return {**said, **answer.measures}
