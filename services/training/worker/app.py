"""Wires a training worker."""

import asyncio

from contracts.training import ExperimentCancelled, PerformFit, RefitCandidate
from infra.bus import Delivered, Handler
from infra.clock import utc_now
from infra.objects.store import objects_of
from infra.service import Service
from infra.workers import WarmChild
from services.training.worker import handlers
from services.training.worker.announcer import Announcer
from services.training.worker.cache import DataCache
from services.training.worker.records import Records
from services.training.worker.settings import WorkerSettings
from services.training.worker.workbench import Workbench

ROLE = "training-worker"


def service(settings: WorkerSettings) -> Service:
    """Return a training worker, ready to run."""
    objects = objects_of(settings)
    cache = DataCache(settings.cache_dir, objects.fetch, settings.cache_files)
    child = WarmChild(settings.warm_socket, settings.warm_patience)
    announcer = Announcer()
    worker = settings.process or ROLE
    workbench = Workbench(objects, cache, child, announcer, worker, settings.rest_seconds)
    ports = {"workbench": workbench, "records": Records(objects), "clock": utc_now}

    async def give_up(cancelled: Delivered) -> None:
        assert isinstance(cancelled.message, ExperimentCancelled)
        await asyncio.to_thread(workbench.give_up, cancelled.message.experiment_id)

    return Service(
        role=ROLE,
        handlers={
            PerformFit: Handler(handlers.perform_fit, ports={**ports, "announce": announcer, "worker": worker}),
            RefitCandidate: Handler(handlers.refit_candidate, ports=ports),
        },
        listens={ExperimentCancelled: give_up},
        beside=announcer.run,
    )
