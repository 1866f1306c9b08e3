"""From a message to serving's answer."""

import json

from contracts.errors import Refusal
from contracts.ids import DeploymentId
from contracts.message import Message
from contracts.serving import (
    DeploymentReady,
    DeploymentRefused,
    Deployments,
    DeploymentSummary,
    DeployModelVersion,
    ListDeployments,
)
from contracts.training import ModelVersionCreated
from infra.clock import Clock
from services.serving.domain.errors import ExampleUnanswered, ModelVersionUnknown
from services.serving.domain.rows import checked
from services.serving.ports import Endpoints, Model, Models
from services.serving.store import DeploymentStore, ModelVersionStore


def on_model_version_created(event: ModelVersionCreated, versions: ModelVersionStore) -> list[Message]:
    """Know the model version, so that it can be deployed."""
    versions.remember(event)
    return []


def deploy_model_version(
    command: DeployModelVersion,
    versions: ModelVersionStore,
    deployments: DeploymentStore,
    models: Models,
    endpoints: Endpoints,
    clock: Clock,
) -> list[Message]:
    """Let a model version answer under a name, once it has shown that it can; else what answered before still does."""
    if done := deployments.find(command.deployment_id):
        return [done]
    try:
        version = _known(command.model, versions)
        model = models.load(version)
        _answer_example(model, version)
    except Refusal as refusal:
        return [_refused(command, refusal)]
    deployment = _ready(command, version, clock)
    deployments.remember(deployment)
    endpoints.bind(deployment, version, model)
    return [deployment]


def recall_deployment(event: DeploymentReady, deployments: DeploymentStore) -> list[Message]:
    """Know again what this service once deployed: used when its state is rebuilt from its own facts."""
    deployments.remember(event)
    return []


def list_deployments(
    _question: ListDeployments, deployments: DeploymentStore, versions: ModelVersionStore
) -> Deployments:
    """Return what answers under each name."""
    return Deployments(deployments=tuple(_summary(deployment, versions) for deployment in deployments.current()))


def _known(model: str, versions: ModelVersionStore) -> ModelVersionCreated:
    version = versions.find(model)
    if version is None:
        raise ModelVersionUnknown(model)
    return version


def _answer_example(model: Model, version: ModelVersionCreated) -> None:
    try:
        row = json.loads(version.example)
        model.answer(checked([row], {feature.name: feature.type for feature in version.features}))
    except (ValueError, TypeError, Refusal) as error:
        raise ExampleUnanswered(str(error)) from error


def _ready(command: DeployModelVersion, version: ModelVersionCreated, clock: Clock) -> DeploymentReady:
    return DeploymentReady(
        deployment_id=DeploymentId(command.deployment_id),
        name=command.name,
        model_version_id=version.model_version_id,
        experiment_id=version.experiment_id,
        path=f"/deployments/{command.name}/predict",
        ready_at=clock(),
    )


def _refused(command: DeployModelVersion, refusal: Refusal) -> DeploymentRefused:
    return DeploymentRefused(
        deployment_id=DeploymentId(command.deployment_id),
        name=command.name,
        reason=refusal.reason,
        cause=refusal.cause,
        cure=refusal.cure,
    )


def _summary(deployment: DeploymentReady, versions: ModelVersionStore) -> DeploymentSummary:
    version = versions.find(deployment.model_version_id)
    return DeploymentSummary(
        name=deployment.name,
        model_version_id=deployment.model_version_id,
        experiment_id=deployment.experiment_id,
        path=deployment.path,
        candidate=version.candidate.name if version else "",
        ready_at=deployment.ready_at,
    )
