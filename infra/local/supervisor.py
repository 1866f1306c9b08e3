"""Keeps processes running: starts them, asks until they are ready, restarts what dies, stops all in order."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Self

from contracts.errors import TracksideError
from infra.local.child import Process, kill_group, spawn, stop
from infra.local.layout import Home

_ASK_EVERY = 0.1
_STEADY_SECONDS = 30.0
_LONGEST_PAUSE = 10.0
_ATTEMPTS_BEFORE_READY = 5
_EXIT_MISCONFIGURED = 78
_TAIL_LINES = 15


class ProcessFailed(TracksideError):
    """A process ends again and again before it is ready."""

    def __init__(self, name: str, code: int | None, tail: str, log: str) -> None:
        self.name = name
        super().__init__(f"{name} does not start (exit code {code}). Its log, {log}, ends with:\n{tail}")


@dataclass
class Watched:
    """A process in the supervisor's care."""

    process: Process
    child: asyncio.subprocess.Process | None = None
    restarts: int = 0
    failed: bool = False
    """True once it is not started any more, because it cannot run."""
    stopping: bool = False
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    settled: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when it is ready for the first time, or has failed."""
    keeper: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """Return its process id; None while it does not run."""
        return self.child.pid if self.child is not None and self.child.returncode is None else None


class Supervisor:
    """Runs processes until it is closed; use it as an asynchronous context manager."""

    def __init__(
        self, home: Home, tell: Callable[[str], None], changed: Callable[[], None], grace: float = 10.0
    ) -> None:
        """Tell a person what happens through ``tell``, and call ``changed`` when a process comes or goes."""
        self._home = home
        self._tell = tell
        self._changed = changed
        self._grace = grace
        self._watched: dict[str, Watched] = {}

    @property
    def watched(self) -> tuple[Watched, ...]:
        """Return every process in its care, in the order of their start."""
        return tuple(self._watched.values())

    async def __aenter__(self) -> Self:
        """Begin; nothing runs yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop everything; if that is cancelled too, kill everything."""
        try:
            await self.stop()
        finally:
            self._kill()

    def start(self, *processes: Process) -> None:
        """Start processes, and keep them running from now on."""
        for process in processes:
            watched = self._watched[process.name] = Watched(process)
            watched.keeper = asyncio.create_task(self._keep(watched), name=process.name)

    async def ready(self, *processes: Process) -> None:
        """Wait until each of ``processes`` has been ready once.

        Raises:
            ProcessFailed: if one of them cannot be started.
        """
        for process in processes:
            watched = self._watched[process.name]
            await watched.settled.wait()
            if watched.failed:
                log = self._home.log(process.name)
                tail = "\n".join(log.read_text(errors="replace").splitlines()[-_TAIL_LINES:])
                raise ProcessFailed(process.name, watched.child.returncode if watched.child else None, tail, str(log))

    async def stop(self, above: int = -1) -> None:
        """Stop every process whose stage is higher than ``above``, the highest stage first."""
        stopped = (watched for watched in self.watched if watched.process.stage > above)
        by_stage = sorted(stopped, key=lambda watched: -watched.process.stage)
        for _, stage in groupby(by_stage, key=lambda watched: watched.process.stage):
            await asyncio.gather(*map(self._stop_one, stage))

    def _kill(self) -> None:
        for watched in self.watched:
            watched.stopping = True
            if watched.pid is not None and watched.child is not None:
                kill_group(watched.child)

    async def _keep(self, watched: Watched) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            began = loop.time()
            code = await self._run_once(watched)
            if watched.stopping:
                return
            failures = 1 if loop.time() - began > _STEADY_SECONDS else failures + 1
            if code == _EXIT_MISCONFIGURED or (failures >= _ATTEMPTS_BEFORE_READY and not watched.settled.is_set()):
                self._give_up(watched, code)
                return
            watched.restarts += 1
            self._tell(f"{watched.process.name} ended (exit code {code}); starting it again")
            self._changed()
            await asyncio.sleep(min(_LONGEST_PAUSE, 0.1 * 2**failures))

    def _give_up(self, watched: Watched, code: int) -> None:
        name = watched.process.name
        watched.failed = True
        watched.settled.set()
        self._tell(f"{name} cannot run (exit code {code}); see {self._home.log(name)}")
        self._changed()

    async def _run_once(self, watched: Watched) -> int:
        """Run a process until it ends; return its exit code."""
        name = watched.process.name
        watched.child = child = await spawn(watched.process, self._home.log(name), self._home.run, self._home.scratch)
        self._changed()
        asking = asyncio.create_task(self._ask(watched, child))
        try:
            return await child.wait()
        finally:
            asking.cancel()
            watched.ready.clear()
            kill_group(child)

    async def _ask(self, watched: Watched, child: asyncio.subprocess.Process) -> None:
        """Ask a process until it says that it is ready, or is gone."""
        while child.returncode is None:
            if await watched.process.ready():
                watched.ready.set()
                watched.settled.set()
                self._changed()
                return
            await asyncio.sleep(_ASK_EVERY)

    async def _stop_one(self, watched: Watched) -> None:
        watched.stopping = True
        if watched.child is not None and watched.pid is not None:
            await stop(watched.child, self._grace)
        if watched.keeper is not None:
            watched.keeper.cancel()
            await asyncio.gather(watched.keeper, return_exceptions=True)
