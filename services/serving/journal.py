"""Tells the bus what was answered, after it was answered: no request ever waits for it."""

import asyncio
import contextvars
from dataclasses import dataclass

from contracts.errors import Unavailable
from contracts.serving import PredictionsLogged
from infra.bus import Bus
from infra.logs import logger
from services.serving.keeper import Asked, Keeper

log = logger(__name__)

_MOST = 1000
_MOST_BYTES = 32_000_000
"""Of what was asked and waits to be kept."""
_AT_ONCE = 32
_PAUSE_SECONDS = 0.5


@dataclass(frozen=True)
class _Entry:
    context: contextvars.Context
    logged: PredictionsLogged
    asked: Asked | None


class Journal:
    """A bounded queue to the bus. While the bus is away it fills; what comes then is dropped and counted.

    What was asked goes to the object store first, so that the fact can name it. The fact is said in any case, and comes
    first: while many wait, nothing is kept.
    """

    def __init__(
        self, bus: Bus, keeper: Keeper | None = None, most: int = _MOST, most_bytes: int = _MOST_BYTES
    ) -> None:
        """Keep nothing of what was asked if there is no ``keeper``; hold ``most_bytes`` of it at a time."""
        self._bus = bus
        self._keeper = keeper
        self._queue: asyncio.Queue[_Entry] = asyncio.Queue(most)
        self._most_bytes = most_bytes
        self._held_bytes = 0
        self.dropped = 0

    def note(self, logged: PredictionsLogged, asked: Asked) -> None:
        """Say this soon, below the span that is current now."""
        if self._queue.full():
            self.dropped += 1
            log.warning("prediction not logged: the bus is away", deployment=logged.name, dropped=self.dropped)
            return
        self._queue.put_nowait(_Entry(contextvars.copy_context(), logged, self._held(asked)))

    async def run(self) -> None:
        """Keep and publish what was noted, in order, for ever."""
        while True:
            entries = [await self._queue.get()]
            while len(entries) < _AT_ONCE and not self._queue.empty():
                entries.append(self._queue.get_nowait())
            keys = await asyncio.gather(*map(self._kept, entries))
            for entry, key in zip(entries, keys, strict=True):
                logged = entry.logged.model_copy(update={"asked": key})
                await asyncio.create_task(self._say(logged), context=entry.context)
                self._queue.task_done()

    async def drain(self, seconds: float) -> None:
        """Wait until all is said, but not for long."""
        try:
            async with asyncio.timeout(seconds):
                await self._queue.join()
        except TimeoutError:
            log.warning("predictions not logged: the bus is away", count=self._queue.qsize())

    def _held(self, asked: Asked) -> Asked | None:
        """Return what was asked if it is to be kept, and can wait for that."""
        if self._keeper is None:
            return None
        many_wait = self._queue.qsize() > self._queue.maxsize // 2
        if many_wait or self._held_bytes + asked.size > self._most_bytes:
            self._keeper.unkept += 1
            return None
        self._held_bytes += asked.size
        return asked

    async def _kept(self, entry: _Entry) -> str | None:
        if self._keeper is None or entry.asked is None:
            return None
        self._held_bytes -= entry.asked.size
        return await self._keeper.keep(entry.logged.prediction_id, entry.logged.model_version_id, entry.asked)

    async def _say(self, logged: PredictionsLogged) -> None:
        while True:
            try:
                await self._bus.publish(logged)
            except Unavailable as error:
                log.warning("prediction not logged yet", error=str(error))
                await asyncio.sleep(_PAUSE_SECONDS)
            else:
                return
