"""The supervisor over small programs: it starts, asks, restarts, stops in order, and leaves nothing behind."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from infra.local.child import Process
from infra.local.layout import Home
from infra.local.supervisor import ProcessFailed, Supervisor

# Says that it is ready by making a file, and on SIGTERM appends its name to a list before it ends.
PROGRAM = """
import pathlib, signal, sys, threading
name, folder = sys.argv[1], pathlib.Path(sys.argv[2])
ended = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: ended.set())
(folder / f"{name}.ready").touch()
ended.wait()
with (folder / "ended").open("a") as file:
    file.write(name + "\\n")
"""
DEAF = """
import pathlib, signal, sys, subprocess
signal.signal(signal.SIGTERM, signal.SIG_IGN)
inner = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
ready = pathlib.Path(sys.argv[2]) / f"{sys.argv[1]}.ready"
ready.with_suffix(".new").write_text(str(inner.pid))
ready.with_suffix(".new").rename(ready)
signal.pause()
"""
SUPERVISE = """
import asyncio, pathlib, sys
from infra.local.child import Process
from infra.local.layout import Home
from infra.local.supervisor import Supervisor

async def main():
    home = Home(pathlib.Path(sys.argv[1]))
    home.create()
    async def ready(): return True
    process = Process("sleeper", (sys.executable, "-c", "import signal; signal.pause()"), ready)
    async with Supervisor(home, print, lambda: None) as supervisor:
        supervisor.start(process)
        await supervisor.ready(process)
        print(supervisor.watched[0].pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


@dataclass
class Stage:
    """A home, and what the supervisor told."""

    home: Home
    told: list[str] = field(default_factory=list)
    changes: asyncio.Event = field(default_factory=asyncio.Event)

    def process(self, name: str, program: str = PROGRAM, stage: int = 0) -> Process:
        sign = self.home.run / f"{name}.ready"

        async def ready() -> bool:
            return sign.exists()

        return Process(name, (sys.executable, "-c", program, name, str(self.home.run)), ready, stage=stage)

    @asynccontextmanager
    async def supervisor(self, grace: float = 10.0) -> AsyncIterator[Supervisor]:
        async with Supervisor(self.home, self.told.append, self.changes.set, grace) as supervisor:
            yield supervisor

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self.changes.clear()
            await self.changes.wait()


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    home = Home(tmp_path / "home")
    home.create()
    return Stage(home)


async def test_a_process_runs_until_the_supervisor_closes(stage: Stage) -> None:
    process = stage.process("one")
    async with stage.supervisor() as supervisor:
        supervisor.start(process)
        await supervisor.ready(process)
        pid = supervisor.watched[0].pid
        assert pid is not None
        assert psutil.pid_exists(pid)
    assert not psutil.pid_exists(pid)


async def test_what_dies_is_started_again(stage: Stage) -> None:
    process = stage.process("one")
    async with stage.supervisor() as supervisor:
        supervisor.start(process)
        await supervisor.ready(process)
        watched = supervisor.watched[0]
        first = watched.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        await stage.until(lambda: watched.pid not in {None, first} and watched.ready.is_set())
        assert watched.restarts == 1
    assert stage.told == ["one ended (exit code -9); starting it again"]


async def test_the_highest_stage_stops_first(stage: Stage) -> None:
    processes = [stage.process("base", stage=0), stage.process("middle", stage=1), stage.process("top", stage=2)]
    async with stage.supervisor() as supervisor:
        supervisor.start(*processes)
        await supervisor.ready(*processes)
    assert (stage.home.run / "ended").read_text().split() == ["top", "middle", "base"]
    assert stage.told == []


async def test_a_process_that_does_not_listen_is_killed_with_what_it_started(stage: Stage) -> None:
    process = stage.process("deaf", DEAF)
    async with stage.supervisor(grace=0.2) as supervisor:
        supervisor.start(process)
        await supervisor.ready(process)
        inner = int((stage.home.run / "deaf.ready").read_text())
        assert psutil.pid_exists(inner)
    await asyncio.to_thread(_gone, inner)


async def test_a_process_that_cannot_start_is_named_with_the_end_of_its_log(stage: Stage) -> None:
    process = stage.process("broken", "raise SystemExit('no such database')")
    async with stage.supervisor() as supervisor:
        supervisor.start(process)
        with pytest.raises(ProcessFailed, match=r"(?s)broken does not start.*no such database"):
            await supervisor.ready(process)


async def test_misconfigured_settings_are_not_tried_again(stage: Stage) -> None:
    process = stage.process("wrong", "raise SystemExit(78)")
    async with stage.supervisor() as supervisor:
        supervisor.start(process)
        with pytest.raises(ProcessFailed):
            await supervisor.ready(process)
        assert supervisor.watched[0].restarts == 0


async def test_a_killed_supervisor_takes_its_processes_with_it(tmp_path: Path) -> None:
    command = (sys.executable, "-c", SUPERVISE, str(tmp_path / "home"))
    supervisor = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert supervisor.stdout is not None
    pid = int(await supervisor.stdout.readline())
    assert psutil.pid_exists(pid)
    supervisor.kill()
    await supervisor.wait()
    await asyncio.to_thread(_gone, pid)


def _gone(pid: int) -> None:
    """Wait until the kernel has ended a process that is not our child."""
    if psutil.pid_exists(pid):
        process = psutil.Process(pid)
        if process.status() != psutil.STATUS_ZOMBIE:
            process.wait(timeout=10)
