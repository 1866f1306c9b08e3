"""The whole embedded platform, by its own command: it starts, comes back, stops in order, and leaves nothing behind."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.builders.asking import until
from tests.builders.platform import RunningPlatform, all_gone, trackside

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[RunningPlatform]:
    platform = RunningPlatform.start(tmp_path / "home", "--workers", "1")
    yield platform
    platform.end()


def test_it_starts_answers_comes_back_and_stops(running: RunningPlatform) -> None:
    platform = running.ready()
    status = running.run("status")
    assert status.returncode == 0, status.stdout + status.stderr

    # MLflow's app was started by private names of its own: the server knows its database.
    answer = httpx.get(f"{platform.mlflow_url}/api/2.0/mlflow/experiments/get", params={"experiment_id": "0"})
    assert answer.json()["experiment"]["artifact_location"].startswith("mlflow-artifacts:/")

    second = trackside(running.home.root, "up")
    assert second.returncode == 1
    assert f"process {running.process.pid}, {platform.ui_url}" in second.stderr

    for name in ("nats", "evaluation"):
        pid = platform.processes[name].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        until(lambda name=name, pid=pid: _came_back(running, name, pid))  # type: ignore[misc]
    assert running.run("status").returncode == 0

    family = running.family()
    assert running.stop() == 0
    all_gone(family)
    assert running.run("status").returncode == 3
    assert "stopped" in running.output()


def test_a_killed_supervisor_leaves_no_process(running: RunningPlatform) -> None:
    running.ready("ui", "warm")
    family = running.family()
    assert len(family) > 10
    running.process.kill()
    running.process.wait()
    all_gone(family)


def _came_back(running: RunningPlatform, name: str, before: int) -> bool:
    platform = running.platform()
    return platform is not None and platform.processes[name].ready and platform.processes[name].pid != before
