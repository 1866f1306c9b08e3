"""Whatever is killed in mid-race, the race ends by itself: each fit once, and the result of the undisturbed race."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from contracts.evaluation import GetLeaderboard
from infra.local.platform import Platform
from tests.builders.experiments import DATASET, FITS, outside, started, write_rows
from tests.builders.platform import RunningPlatform
from tests.builders.results import Result

pytestmark = [pytest.mark.kill, pytest.mark.slow, pytest.mark.timeout(180)]

Start = Callable[[Path], RunningPlatform]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file to race on."""
    return write_rows(tmp_path_factory.mktemp("rows") / "shipments.csv")


@pytest.fixture(scope="module")
def quiet(rows: Path, tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return what the race comes to when nothing is killed."""
    platform = RunningPlatform.start(tmp_path_factory.mktemp("quiet") / "home")
    try:
        begun(platform, rows)
        result = asyncio.run(undisturbed(platform.ready("ui")))
        assert platform.stop() == 0
    finally:
        ended(platform)
    return result


@pytest.fixture
def running(rows: Path, tmp_path: Path) -> Iterator[RunningPlatform]:
    """Run a platform of its own for each test: fits are known by what they are, and so never made twice in one home."""
    platform = RunningPlatform.start(tmp_path / "home")
    try:
        begun(platform, rows)
        yield platform
    finally:
        ended(platform)


async def undisturbed(platform: Platform) -> Result:
    async with outside(platform) as there, started(there, "exp-quiet") as race:
        return await race.result()


async def test_a_killed_worker(quiet: Result, running: RunningPlatform) -> None:
    async with outside(running.ready("ui")) as there, started(there, "exp-worker") as race:
        fit = await race.in_hand(fold=2)
        kill(running, fit.worker)
        assert await race.result() == quiet
        assert race.times_taken_up(fit) == 2
    assert restarts(running, fit.worker) == 1


@pytest.mark.parametrize("name", ["training", "evaluation"])
async def test_a_killed_service(quiet: Result, running: RunningPlatform, name: str) -> None:
    async with outside(running.ready("ui")) as there, started(there, f"exp-{name}") as race:
        await race.completed(FITS // 2)
        kill(running, name)
        assert await race.result() == quiet
    assert restarts(running, name) == 1


async def test_a_killed_nats_server(quiet: Result, running: RunningPlatform) -> None:
    async with outside(running.ready("ui")) as there, started(there, "exp-nats") as race:
        await race.in_hand(fold=2)
        kill(running, "nats")
        assert await race.result() == quiet
        board = await there.bus.ask(GetLeaderboard(experiment_id=race.id))
        assert board.final
    assert restarts(running, "nats") == 1


def begun(running: RunningPlatform, rows: Path) -> None:
    running.ready("ui", "ingest", "training")
    assert running.run("ingest", str(rows), "--name", DATASET).returncode == 0


def ended(running: RunningPlatform) -> None:
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


def kill(running: RunningPlatform, name: str) -> None:
    platform = running.platform()
    assert platform is not None
    pid = platform.processes[name].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)


def restarts(running: RunningPlatform, name: str) -> int:
    platform = running.platform()
    assert platform is not None
    return platform.processes[name].restarts
