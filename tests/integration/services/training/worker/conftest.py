"""A real warm server for scikit-learn, and a worker's parts around it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from contracts.message import Message, Progress
from contracts.training import FitInHand, PerformFit, RefitCandidate
from infra.objects import Objects
from infra.objects.store import open_objects
from infra.workers import WarmChild
from services.training.worker import handlers
from services.training.worker.cache import DataCache
from services.training.worker.records import Records
from services.training.worker.workbench import Workbench
from tests.builders.messages import NOON


@dataclass
class Worker:
    """A worker without its bus."""

    objects: Objects
    child: WarmChild
    cache: DataCache
    workbench: Workbench
    announced: list[Progress]

    def fit(self, command: PerformFit) -> list[Message]:
        return handlers.perform_fit(
            command, self.workbench, Records(self.objects), self.announced.append, lambda: NOON, "worker-1"
        )

    def has_work_in_hand(self) -> bool:
        return any(isinstance(said, FitInHand) for said in self.announced)

    def refit(self, command: RefitCandidate) -> list[Message]:
        return handlers.refit_candidate(command, self.workbench, Records(self.objects), lambda: NOON)


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
    yield Worker(objects, child, cache, Workbench(objects, cache, child, announced.append, "worker-1"), announced)
    child.kill()
