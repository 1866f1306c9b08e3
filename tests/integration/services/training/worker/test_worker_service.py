"""A worker on a real nats-server, with a real warm server."""

import asyncio
import json
import os
import signal
from pathlib import Path

import pytest

from contracts.asked import AskedRows, key_of
from contracts.message import Event
from contracts.reports import (
    ExplainPrediction,
    ExplanationRefused,
    ModelVersionReported,
    PredictionExplained,
    ReportModelVersion,
    ReportRefused,
)
from contracts.training import FitCompleted, FitFailed, FitInHand, FitStarted, ModelVersionCreated
from infra.bus import CommandRefused
from infra.bus.client import NatsBus
from infra.objects.store import open_objects
from services.training.domain.fits import fits_of, places_of
from services.training.worker.app import service
from services.training.worker.settings import WorkerSettings
from tests.builders import a_candidate_retired, an_experiment_cancelled
from tests.builders.asking import eventually
from tests.builders.messages import EXPERIMENT
from tests.builders.nats import NatsServer
from tests.builders.raced import RACES, a_plan_for
from tests.builders.races import a_fit_of, a_refit_of, a_stored_plan
from tests.builders.service import running


def settings_of(nats: NatsServer, warm_socket: Path, folder: Path) -> WorkerSettings:
    return WorkerSettings(
        nats_url=nats.url,
        process="training-worker-1",
        objects_url=f"file://{folder}/objects",
        warm_socket=warm_socket,
        cache_dir=folder / "cache",
    )


def children_of(pid: int) -> set[int]:
    """Return the processes whose parent is ``pid``."""
    return {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}


async def listen(bus: NatsBus, signs: list[FitStarted | FitInHand]) -> None:
    async for sign in bus.signs():
        assert isinstance(sign.message, FitStarted | FitInHand)
        signs.append(sign.message)


async def test_fits_and_a_refit_are_answered_over_the_bus_and_announced(
    bus: NatsBus, nats_server: NatsServer, warm_socket: Path, tmp_path: Path
) -> None:
    settings = settings_of(nats_server, warm_socket, tmp_path)
    _plan, digest = a_stored_plan(open_objects(settings.objects_url))
    signs: list[FitStarted | FitInHand] = []
    listening = asyncio.create_task(listen(bus, signs))
    async with running(service(settings), settings):
        await bus.order(a_fit_of(digest), FitCompleted, FitFailed)  # the worker is there
        fact = await bus.order(a_fit_of(digest, fold=1), FitCompleted, FitFailed)
        assert isinstance(fact, FitCompleted)
        assert fact.worker == "training-worker-1"
        failure = await bus.order(a_fit_of(digest, "oracle"), FitCompleted, FitFailed)
        assert isinstance(failure, FitFailed)
        assert isinstance(await bus.order(a_refit_of(digest), ModelVersionCreated), ModelVersionCreated)
    listening.cancel()
    for kind, fold in ((FitStarted, 1), (FitInHand, 1), (FitInHand, None)):
        said = {(sign.candidate, sign.fold, sign.worker) for sign in signs if isinstance(sign, kind)}
        assert ("logistic", fold, "training-worker-1") in said


async def test_a_report_and_an_explanation_are_answered_over_the_bus(
    bus: NatsBus, nats_server: NatsServer, warm_socket: Path, tmp_path: Path
) -> None:
    settings = settings_of(nats_server, warm_socket, tmp_path)
    objects, (problem, candidate) = open_objects(settings.objects_url), RACES["regression"]
    plan, digest = a_plan_for(objects, problem, candidate)
    async with running(service(settings), settings):
        for fit in fits_of(EXPERIMENT, plan, digest, places_of(plan)):
            assert isinstance(await bus.order(fit, FitCompleted, FitFailed), FitCompleted)
        version = await bus.order(a_refit_of(digest, candidate), ModelVersionCreated)
        assert isinstance(version, ModelVersionCreated)
        report = ReportModelVersion(model_version_id=version.model_version_id)
        made = await bus.order(report, ModelVersionReported, ReportRefused)
        assert isinstance(made, ModelVersionReported)
        assert objects.read(made.tables[0].key)
        asked = AskedRows(model_version_id=version.model_version_id, rows=(json.loads(version.example),), of=1)
        objects.create(key_of("pred-1"), [asked.model_dump_json().encode()])
        explain = ExplainPrediction(prediction_id="pred-1")
        told = await bus.order(explain, PredictionExplained, ExplanationRefused)
        assert isinstance(told, PredictionExplained)
        with pytest.raises(CommandRefused, match="Nothing is kept of a prediction 'pred-2'"):
            await bus.order(ExplainPrediction(prediction_id="pred-2"), PredictionExplained, ExplanationRefused)


@pytest.mark.parametrize("ending", [an_experiment_cancelled(), a_candidate_retired("logistic", folds=1)])
async def test_what_ends_a_fit_on_the_bus_frees_the_worker_from_it(
    bus: NatsBus, nats_server: NatsServer, warm_socket: Path, warm_pid: int, tmp_path: Path, ending: Event
) -> None:
    settings = settings_of(nats_server, warm_socket, tmp_path)
    _plan, digest = a_stored_plan(open_objects(settings.objects_url))
    before = children_of(warm_pid)
    signs: list[FitStarted | FitInHand] = []
    listening = asyncio.create_task(listen(bus, signs))
    async with running(service(settings), settings):
        await bus.order(a_fit_of(digest), FitCompleted, FitFailed)
        (child,) = children_of(warm_pid) - before
        os.kill(child, signal.SIGSTOP)
        await bus.publish(a_fit_of(digest, fold=1))

        async def begun() -> bool:
            return 1 in {sign.fold for sign in signs}

        await eventually(begun)
        await bus.publish(ending)
        other = await bus.order(a_fit_of(digest, "tree", experiment_id="exp-2"), FitCompleted, FitFailed)
        assert isinstance(other, FitCompleted)
        assert child not in children_of(warm_pid)
    listening.cancel()
