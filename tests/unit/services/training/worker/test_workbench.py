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

    def call(self, function: str, *args: Any) -> Any:
        raise self._error

    def kill(self) -> None:
        return


@pytest.fixture
def objects() -> Objects:
    return open_objects("memory://")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CallFailed("MemoryError", "", ""), "OutOfMemory"),
        (WorkerDied(9, out_of_memory=True), "OutOfMemory"),
        (WorkerDied(9), "WorkerDied"),
        (CallFailed("CandidateFailed", "ValueError: singular", ""), "CandidateFailed"),
    ],
)
def test_want_of_memory_is_told_from_other_deaths(
    objects: Objects, tmp_path: Path, error: Exception, reason: str
) -> None:
    _plan, digest = a_stored_plan(objects)
    bench = Workbench(objects, DataCache(tmp_path, objects.fetch, 2), Failing(error))
    with pytest.raises(WorkImpossible) as impossible:
        bench.fit(a_fit_of(digest))
    assert impossible.value.reason == reason
