"""After a restart: what was deployed is loaded again, while the API already says that it is not ready."""

import asyncio

from contracts.errors import Refusal, Unavailable
from contracts.serving import DeploymentReady
from contracts.training import ModelVersionCreated
from infra.logs import logger
from infra.state import State
from services.serving.domain.errors import ModelVersionUnknown
from services.serving.endpoints import LiveEndpoints
from services.serving.ports import Models
from services.serving.store import DeploymentStore, ModelVersionStore

log = logger(__name__)

_PAUSE_SECONDS = 1.0


async def restore(state: State, models: Models, endpoints: LiveEndpoints) -> None:
    """Load what was deployed, and try again for as long as something outside is away."""
    waiting = await asyncio.to_thread(_deployed, state)
    while waiting:
        deployment, version = waiting[0]
        try:
            await asyncio.to_thread(_load, deployment, version, models, endpoints)
        except Unavailable as error:
            log.warning("deployment not loaded yet", deployment=deployment.name, error=str(error))
            await asyncio.sleep(_PAUSE_SECONDS)
        else:
            waiting.pop(0)
    endpoints.restored = True


def _deployed(state: State) -> list[tuple[DeploymentReady, ModelVersionCreated | None]]:
    with state.transaction() as transaction:
        versions = ModelVersionStore(transaction)
        current = DeploymentStore(transaction).current()
        return [(deployment, versions.find(deployment.model_version_id)) for deployment in current]


def _load(
    deployment: DeploymentReady,
    version: ModelVersionCreated | None,
    models: Models,
    endpoints: LiveEndpoints,
) -> None:
    try:
        if version is None:
            raise ModelVersionUnknown(deployment.model_version_id)
        endpoints.restore(deployment, version, models.load(version))
    except Refusal as refusal:
        log.error("deployment cannot be loaded again", deployment=deployment.name, reason=refusal.reason)
        endpoints.give_up(deployment.name, str(refusal))
