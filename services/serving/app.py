"""Wires serving: the bus on one side, HTTP on the other, endpoints between them."""

import asyncio

from contracts.serving import DeploymentReady, DeployModelVersion, ListDeployments
from contracts.training import ModelVersionCreated
from infra.bus import Bus, Handler
from infra.clock import utc_now
from infra.http.guard import checker_of
from infra.http.server import bound, serve
from infra.objects.store import objects_of
from infra.service import Service
from infra.state import State
from infra.telemetry import Telemetry
from services.serving import handlers
from services.serving.api.routes import Api, application
from services.serving.endpoints import LiveEndpoints
from services.serving.journal import Journal
from services.serving.keeper import Keeper
from services.serving.models import StoredModels
from services.serving.ports import Models
from services.serving.restoring import restore
from services.serving.settings import ServingSettings
from services.serving.store import METADATA, DeploymentStore, ModelVersionStore

_DRAIN_SECONDS = 2.0


def service(settings: ServingSettings) -> Service:
    """Return serving, ready to run."""
    versions, deployments = {"versions": ModelVersionStore}, {"deployments": DeploymentStore}
    objects, endpoints = objects_of(settings), LiveEndpoints()
    models, keeper = StoredModels(objects), Keeper(objects) if settings.keep_asked else None
    deploying = Handler(
        handlers.deploy_model_version,
        stores={**versions, **deployments},
        ports={"models": models, "endpoints": endpoints, "clock": utc_now},
    )

    async def beside(bus: Bus) -> None:
        await _answer(settings, Journal(bus, keeper), models, endpoints)

    return Service(
        role="serving",
        handlers={
            DeployModelVersion: deploying,
            ModelVersionCreated: Handler(handlers.on_model_version_created, stores=versions),
        },
        recalls={DeploymentReady: Handler(handlers.recall_deployment, stores=deployments)},
        questions={ListDeployments: Handler(handlers.list_deployments, stores={**versions, **deployments})},
        tables=METADATA,
        beside=beside,
    )


async def _answer(settings: ServingSettings, journal: Journal, models: Models, endpoints: LiveEndpoints) -> None:
    listener = bound(settings.http_host, settings.http_port, "SERVING_")
    process = settings.process or "serving"
    telemetry = Telemetry(process, settings.traces_dir, otlp=settings.otlp_endpoint is not None)
    api = Api(endpoints, journal, telemetry, utc_now, settings)
    state = State(settings.state_url, METADATA)
    try:
        async with asyncio.TaskGroup() as beside:
            writing = beside.create_task(journal.run())
            beside.create_task(restore(state, models, endpoints))
            try:
                await serve(application(api, checker_of(settings)), listener)
            finally:
                await journal.drain(_DRAIN_SECONDS)
                writing.cancel()
    finally:
        state.close()
        telemetry.close()
