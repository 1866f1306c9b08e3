import signal
from pathlib import Path
from typing import Any

import pytest

from infra.objects import Objects
from infra.objects.store import open_objects
from infra.workers import CallFailed, WorkerDied, WorkerLost
from services.training.worker.cache import DataCache
from services.training.worker.errors import WorkImpossible
from services.training.worker.ports import Child
from services.training.worker.work import FitReport
from services.training.worker.workbench import Workbench
from tests.builders.races import a_fit_of, a_stored_plan


class Failing:
    """A child whose every call ends in the same way."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.calls = 0

    def call(self, function: str, *args: Any) -> Any:
        self.calls += 1
        raise self._error

    def kill(self) -> None:
        return


class LosingItsServer:
    """A child whose server is killed, again and again, before it can report."""

    def __init__(self, report: FitReport, losses: int) -> None:
        self._report = report
        self._losses = losses

    def call(self, function: str, *args: Any) -> Any:
        if self._losses:
            self._losses -= 1
            raise WorkerLost
        predictions: Path = args[-1]
        predictions.write_bytes(b"rows")
        return self._report

    def kill(self) -> None:
        return


@pytest.fixture
def objects() -> Objects:
    return open_objects("memory://")


@pytest.mark.parametrize(
    ("error", "reason", "tries"),
    [
        (CallFailed("MemoryError", "", ""), "OutOfMemory", 1),
        (WorkerDied(9, out_of_memory=True), "OutOfMemory", 1),
        (WorkerDied(9), "WorkerDied", 2),
        (WorkerDied(signal.SIGALRM), "OutOfTime", 1),
        (WorkerLost(), "WorkerDied", 11),
        (CallFailed("CandidateFailed", "ValueError: singular", ""), "CandidateFailed", 1),
    ],
)
def test_a_death_that_may_have_come_from_outside_is_tried_again_but_not_for_ever(
    objects: Objects, tmp_path: Path, error: Exception, reason: str, tries: int
) -> None:
    _plan, digest = a_stored_plan(objects)
    child = Failing(error)
    bench = a_workbench(objects, tmp_path, child)
    with pytest.raises(WorkImpossible) as impossible:
        bench.fit(a_fit_of(digest))
    assert (impossible.value.reason, child.calls) == (reason, tries)


def test_a_fit_outlives_the_death_of_one_server_after_the_other(objects: Objects, tmp_path: Path) -> None:
    _plan, digest = a_stored_plan(objects)
    report = FitReport({}, rows=1, fit_seconds=0.1, score_seconds=0.1, cpu_seconds=0.1, peak_memory_bytes=1)
    bench = a_workbench(objects, tmp_path, LosingItsServer(report, losses=3))
    assert bench.fit(a_fit_of(digest))[0] == report


def a_workbench(objects: Objects, folder: Path, child: Child) -> Workbench:
    return Workbench(objects, DataCache(folder, objects.fetch, 2), child, lambda _: None, "training-worker-1")
