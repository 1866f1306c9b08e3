"""A real warm server for scikit-learn, and a worker's parts around it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from contracts.ids import ModelVersionId
from contracts.message import Message, Progress
from contracts.reports import ExplainPrediction, ReportModelVersion
from contracts.training import FitInHand, ModelVersionCreated, PerformFit, RefitCandidate
from infra.objects import Objects
from infra.objects.store import open_objects
from infra.workers import WarmChild
from ml.engines.port import Problem
from services.training.domain.fits import fits_of, places_of
from services.training.worker import handlers
from services.training.worker.cache import DataCache
from services.training.worker.records import Records
from services.training.worker.reports.desk import Desk
from services.training.worker.reports.handlers import explain_prediction, report_model_version
from services.training.worker.workbench import Workbench
from tests.builders.messages import EXPERIMENT, NOON
from tests.builders.raced import a_plan_for
from tests.builders.races import a_refit_of


@dataclass
class Worker:
    """A worker without its bus."""

    objects: Objects
    child: WarmChild
    cache: DataCache
    workbench: Workbench
    desk: Desk
    announced: list[Progress]

    def fit(self, command: PerformFit) -> list[Message]:
        return handlers.perform_fit(
            command, self.workbench, Records(self.objects), self.announced.append, lambda: NOON, "worker-1"
        )

    def has_work_in_hand(self) -> bool:
        return any(isinstance(said, FitInHand) for said in self.announced)

    def refit(self, command: RefitCandidate) -> list[Message]:
        return handlers.refit_candidate(command, self.workbench, Records(self.objects), lambda: NOON)

    def race(self, problem: Problem, candidate: str, **fields: Any) -> ModelVersionCreated:
        """Fit a candidate on every fold of a plan of its own, and refit it."""
        plan, digest = a_plan_for(self.objects, problem, candidate, **fields)
        for command in fits_of(EXPERIMENT, plan, digest, places_of(plan)):
            self.fit(command)
        (created,) = self.refit(a_refit_of(digest, candidate))
        assert isinstance(created, ModelVersionCreated), created
        return created

    def report(self, id_: ModelVersionId) -> list[Message]:
        return report_model_version(
            ReportModelVersion(model_version_id=id_), self.desk, Records(self.objects), lambda: NOON
        )

    def explain(self, prediction_id: str) -> list[Message]:
        return explain_prediction(
            ExplainPrediction(prediction_id=prediction_id), self.desk, Records(self.objects), lambda: NOON
        )


@pytest.fixture(scope="session")
def warm_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    socket = tmp_path_factory.mktemp("warm") / "s"
    command = [sys.executable, "-m", "infra.workers", "--socket", str(socket)]
    preloaded = ("--preload", "ml.engines.sklearn", "--preload", "services.training.worker.fitting")
    with subprocess.Popen([*command, *preloaded]) as server:
        yield socket, server.pid
        server.kill()


@pytest.fixture
def warm_socket(warm_server: tuple[Path, int]) -> Path:
    return warm_server[0]


@pytest.fixture
def warm_pid(warm_server: tuple[Path, int]) -> int:
    return warm_server[1]


@pytest.fixture
def worker(warm_socket: Path, tmp_path: Path) -> Iterator[Worker]:
    objects = open_objects(f"file://{tmp_path}/objects")
    child = WarmChild(warm_socket, patience=60)
    cache = DataCache(tmp_path / "cache", objects.fetch, most=2)
    announced: list[Progress] = []
    workbench = Workbench(objects, cache, child, announced.append, "worker-1")
    apart = WarmChild(warm_socket, patience=60)
    desk = Desk(objects, cache, apart, announced.append, "worker-1")
    yield Worker(objects, child, cache, workbench, desk, announced)
    for each in (child, apart):
        each.kill()
