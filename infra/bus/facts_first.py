"""A command is handled after the facts that were stated before it.

Commands and facts reach a role by two durables. Whoever was told that a dataset is registered may name it in a command,
so the role must have heard of it first, even when it comes back to a backlog of both.
"""

import asyncio

from nats.aio.client import Client
from nats.errors import Error

from contracts.catalog import facts_of
from infra.bus import BusUnavailable
from infra.bus.streams import EVENTS, fact_durable

_POLL_SECONDS = 0.01
_STUCK_SECONDS = 10.0


class FactsFirst:
    """Waits until a role has handled every fact that is there for it."""

    def __init__(self, client: Client, role: str) -> None:
        self._stream = client.jetstream()
        self._durable = fact_durable(role) if facts_of(role) else None

    async def wait(self) -> None:
        """Return once no fact waits or is in hand.

        Raises:
            BusUnavailable: if facts wait, and none has been handled for a while.
        """
        loop = asyncio.get_running_loop()
        handled, limit = -1, loop.time() + _STUCK_SECONDS
        while self._durable is not None:
            waiting, floor = await self._progress(self._durable)
            if not waiting:
                return
            if floor != handled:
                handled, limit = floor, loop.time() + _STUCK_SECONDS
            if loop.time() > limit:
                raise BusUnavailable(f"{waiting} facts that were stated before this command are not handled yet")
            await asyncio.sleep(_POLL_SECONDS)

    async def _progress(self, durable: str) -> tuple[int, int]:
        try:
            info = await self._stream.consumer_info(EVENTS, durable)
        except (Error, TimeoutError) as error:
            raise BusUnavailable(f"{durable} cannot be asked for: {type(error).__name__}") from error
        waiting = (info.num_pending or 0) + (info.num_ack_pending or 0)
        return waiting, info.ack_floor.stream_seq if info.ack_floor else 0
