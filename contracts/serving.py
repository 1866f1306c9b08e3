"""What serving hears and says: a model version answers over HTTP."""

from datetime import datetime
from typing import ClassVar

from contracts.ids import DeploymentId, ExperimentId, Key, ModelVersionId, Name
from contracts.message import Command, Event, Query, Refused, Value


class DeployModelVersion(Command):
    """Bind a model version to the endpoint ``name``; answered by DeploymentReady or DeploymentRefused."""

    subject: ClassVar[str] = "cmd.serving.deployment.deploy.v1"
    keyed_by: ClassVar[str] = "deployment_id"

    deployment_id: Key
    name: Name
    """The endpoint's name."""
    model: Key
    """A model version's id, or an experiment's id for the model version that it made."""


class DeploymentReady(Event):
    """The endpoint answers with this model version."""

    subject: ClassVar[str] = "evt.serving.deployment.ready.v1"
    keyed_by: ClassVar[str] = "deployment_id"

    deployment_id: DeploymentId
    name: Name
    """The endpoint's name."""
    model_version_id: ModelVersionId
    """The model version that answers."""
    experiment_id: ExperimentId
    """The experiment that made it."""
    path: str
    """Where predictions are asked for, below the serving API's address."""
    ready_at: datetime


class DeploymentRefused(Refused):
    """A model version could not be deployed; what was served before is served still."""

    subject: ClassVar[str] = "evt.serving.deployment.refused.v1"
    keyed_by: ClassVar[str] = "deployment_id"

    deployment_id: DeploymentId
    name: Name
    """The endpoint's name."""


class PredictionsLogged(Event):
    """One request was answered."""

    subject: ClassVar[str] = "evt.serving.predictions.logged.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name
    """The endpoint's name."""
    prediction_id: str
    """The answer's own id, which its caller was told."""
    model_version_id: ModelVersionId
    """The model version that answered."""
    rows: int
    """Rows that were predicted."""
    seconds: float
    """From the request's arrival to the answer."""
    caller: str
    """The token's subject."""
    answered_at: datetime
    asked: str | None = None
    """Key of the rows that were asked, as JSON in the object store; None where they are not kept."""


class DeploymentSummary(Value):
    """One endpoint, and the model version behind it."""

    name: Name
    """The endpoint's name."""
    model_version_id: ModelVersionId
    experiment_id: ExperimentId
    """The experiment that made it."""
    path: str
    """Where predictions are asked for, below the serving API's address."""
    candidate: str
    """What people call the candidate behind it."""
    ready_at: datetime


class Deployments(Value):
    """Every endpoint, by name."""

    deployments: tuple[DeploymentSummary, ...]
    """One by one."""


class ListDeployments(Query[Deployments]):
    """Which endpoints answer?"""

    subject: ClassVar[str] = "qry.serving.deployment.list.v1"
    keyed_by: ClassVar[str] = "scope"
    answer: ClassVar[type[Value]] = Deployments

    scope: Key = "all"
