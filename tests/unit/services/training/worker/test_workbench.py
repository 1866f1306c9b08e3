from pathlib import Path
from typing import Any

import pytest

from infra.objects import Objects
from infra.objects.store import open_objects
from infra.workers import CallFailed, WorkerDied
from services.training.worker.cache import DataCache
from services.training.worker.errors import WorkImpossible
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


@pytest.fixture
def objects() -> Objects:
    return open_objects("memory://")


@pytest.mark.parametrize(
    ("error", "reason", "tries"),
    [
        (CallFailed("MemoryError", "", ""), "OutOfMemory", 1),
        (WorkerDied(9, out_of_memory=True), "OutOfMemory", 1),
        (WorkerDied(9), "WorkerDied", 2),
        (CallFailed("CandidateFailed", "ValueError: singular", ""), "CandidateFailed", 1),
    ],
)
def test_only_a_death_that_may_have_come_from_outside_is_tried_again(
    objects: Objects, tmp_path: Path, error: Exception, reason: str, tries: int
) -> None:
    _plan, digest = a_stored_plan(objects)
    child = Failing(error)
    bench = Workbench(objects, DataCache(tmp_path, objects.fetch, 2), child)
    with pytest.raises(WorkImpossible) as impossible:
        bench.fit(a_fit_of(digest))
    assert (impossible.value.reason, child.calls) == (reason, tries)
