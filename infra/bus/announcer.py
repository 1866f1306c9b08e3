"""From a handler's thread to the bus: progress, said at once and not waited for."""

import asyncio

from contracts.errors import Unavailable
from contracts.message import Progress
from infra.bus import Bus


class Announcer:
    """Says progress over the bus once it has one; before that nobody listens anyway."""

    def __init__(self) -> None:
        self._bus: Bus | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self, bus: Bus) -> None:
        """Speak over ``bus`` until cancelled."""
        self._loop, self._bus = asyncio.get_running_loop(), bus
        await asyncio.Event().wait()

    def __call__(self, progress: Progress) -> None:
        """Say it, from any thread, and do not wait."""
        if self._loop is not None and self._bus is not None:
            asyncio.run_coroutine_threadsafe(self._say(self._bus, progress), self._loop)

    async def _say(self, bus: Bus, progress: Progress) -> None:
        try:
            await bus.publish(progress)
        except Unavailable:
            return
