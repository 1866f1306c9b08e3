"""Tells the bus what was answered, after it was answered: no request ever waits for it."""

import asyncio
import contextvars

from contracts.errors import Unavailable
from contracts.serving import PredictionsLogged
from infra.bus import Bus
from infra.logs import logger

log = logger(__name__)

_MOST = 1000
_PAUSE_SECONDS = 0.5


class Journal:
    """A bounded queue to the bus. While the bus is away it fills; what comes then is dropped and counted."""

    def __init__(self, bus: Bus, most: int = _MOST) -> None:
        self._bus = bus
        self._queue: asyncio.Queue[tuple[contextvars.Context, PredictionsLogged]] = asyncio.Queue(most)
        self.dropped = 0

    def note(self, logged: PredictionsLogged) -> None:
        """Say this soon, below the span that is current now."""
        try:
            self._queue.put_nowait((contextvars.copy_context(), logged))
        except asyncio.QueueFull:
            self.dropped += 1
            log.warning("prediction not logged: the bus is away", deployment=logged.name, dropped=self.dropped)

    async def run(self) -> None:
        """Publish what was noted, in order, for ever."""
        while True:
            context, logged = await self._queue.get()
            await asyncio.create_task(self._say(logged), context=context)
            self._queue.task_done()

    async def drain(self, seconds: float) -> None:
        """Wait until all is said, but not for long."""
        try:
            async with asyncio.timeout(seconds):
                await self._queue.join()
        except TimeoutError:
            log.warning("predictions not logged: the bus is away", count=self._queue.qsize())

    async def _say(self, logged: PredictionsLogged) -> None:
        while True:
            try:
                await self._bus.publish(logged)
            except Unavailable as error:
                log.warning("prediction not logged yet", error=str(error))
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                return
