"""A process's health, for who can look at a file and no more."""

import asyncio
from pathlib import Path

import pytest

from infra.bus.connection import Complaints
from infra.bus.health import HealthReporter
from tests.builders.asking import eventually


class Durables:
    """What feeds a process, and how often it was asked for."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.asked = 0

    async def __call__(self) -> list[str]:
        self.asked += 1
        return self.problems


@pytest.fixture
def durables() -> Durables:
    return Durables()


async def beats(durables: Durables, file: Path, *, ready: bool) -> bool:
    """Return whether the file is touched after many looks at what feeds the process."""
    health = HealthReporter("ingest", durables, Complaints(), beat_seconds=0.001)
    health.ready = ready
    beating = asyncio.create_task(health.beat(file))

    async def looked() -> bool:
        return durables.asked > 5 or not ready

    await eventually(looked)
    beating.cancel()
    return await asyncio.to_thread(file.exists)


async def test_the_heart_of_a_well_process_beats(durables: Durables, tmp_path: Path) -> None:
    assert await beats(durables, tmp_path / "beat", ready=True)


async def test_without_what_feeds_it_no_heart_beats(durables: Durables, tmp_path: Path) -> None:
    durables.problems = ["the consumer ingest-commands is missing"]
    assert not await beats(durables, tmp_path / "beat", ready=True)


async def test_before_it_is_ready_no_heart_beats(durables: Durables, tmp_path: Path) -> None:
    assert not await beats(durables, tmp_path / "beat", ready=False)
