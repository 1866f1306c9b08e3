"""Wires a training worker."""

import asyncio

from contracts.evaluation import CandidateRetired
from contracts.reports import ExplainPrediction, ReportModelVersion
from contracts.training import ExperimentCancelled, PerformFit, RefitCandidate
from infra.bus import Delivered, Handler
from infra.bus.announcer import Announcer
from infra.clock import utc_now
from infra.objects.store import objects_of
from infra.service import Service
from infra.workers import WarmChild
from services.training.worker import handlers
from services.training.worker.cache import DataCache
from services.training.worker.records import Records
from services.training.worker.reports.desk import Desk
from services.training.worker.reports.handlers import explain_prediction, report_model_version
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
    desk = Desk(objects, cache, WarmChild(settings.warm_socket, settings.warm_patience), announcer, worker)
    ports = {"workbench": workbench, "records": Records(objects), "clock": utc_now}
    asked = {"desk": desk, "records": Records(objects), "clock": utc_now}

    async def give_up(ending: Delivered) -> None:
        assert isinstance(ending.message, ExperimentCancelled | CandidateRetired)
        await asyncio.to_thread(workbench.give_up, ending.message)

    return Service(
        role=ROLE,
        handlers={
            PerformFit: Handler(handlers.perform_fit, ports={**ports, "announce": announcer, "worker": worker}),
            RefitCandidate: Handler(handlers.refit_candidate, ports=ports),
            ReportModelVersion: Handler(report_model_version, ports=asked),
            ExplainPrediction: Handler(explain_prediction, ports=asked),
        },
        listens={ExperimentCancelled: give_up, CandidateRetired: give_up},
        beside=announcer.run,
    )
