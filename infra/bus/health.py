"""A process's health: not whether its socket is open, but whether what feeds it is there."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from nats.aio.client import Client
from nats.aio.msg import Msg

from contracts.health import AskHealth, Health
from infra.bus.connection import Complaints

Problems = Callable[[], Awaitable[list[str]]]


class HealthReporter:
    """Answers AskHealth for one process, from the moment it is connected."""

    def __init__(self, process: str, problems: Problems, complaints: Complaints, beat_seconds: float = 5.0) -> None:
        self._process = process
        self._problems = problems
        self._complaints = complaints
        self._beat_seconds = beat_seconds
        self.ready = False
        """Whether the process has started all that it does."""

    async def listen(self, client: Client) -> None:
        """Answer every question about this process."""
        await client.subscribe(f"{AskHealth.subject}.{self._process}", cb=self._reply)

    async def beat(self, file: Path) -> None:
        """Touch ``file`` every few seconds while the process is well; its age is for who cannot ask over the bus."""
        while True:
            if self.ready and not await self._problems():
                await asyncio.to_thread(file.touch)
            await asyncio.sleep(self._beat_seconds)

    async def _reply(self, raw: Msg) -> None:
        problems = tuple(await self._problems())
        health = Health(
            process=self._process,
            ready=self.ready and not problems,
            problems=problems,
            pid=os.getpid(),
            denied=self._complaints.denied,
            last_denied=self._complaints.last_denied,
        )
        await raw.respond(health.model_dump_json().encode())
