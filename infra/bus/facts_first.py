"""A command is handled after the facts that were stated before it.

Commands and facts reach a role by two durables. Whoever was told that a dataset is registered may name it in a command,
so the role must have heard of it first, even when it comes back to a backlog of both.
"""

import asyncio

from nats.aio.client import Client
from nats.errors import Error

from contracts.catalog import facts_of
from contracts.streams import EVENTS, fact_durable
from infra.bus import BusUnavailable

_POLL_SECONDS = 0.01
_STUCK_SECONDS = 10.0


class FactsFirst:
    """Waits until a role has handled every fact that was there for it when the waiting began."""

    def __init__(self, client: Client, role: str) -> None:
        self._stream = client.jetstream()
        self._durable = fact_durable(role) if facts_of(role) else None

    async def wait(self) -> None:
        """Return once all facts stated before this call are handled; those that come meanwhile need not be.

        Raises:
            BusUnavailable: if facts wait, and none has been handled for a while.
        """
        if self._durable is None:
            return
        try:
            last = (await self._stream.stream_info(EVENTS)).state.last_seq
            await self._until_handled(self._durable, last)
        except (Error, TimeoutError) as error:
            raise BusUnavailable(f"{self._durable} cannot be asked for: {type(error).__name__}") from error

    async def _until_handled(self, durable: str, last: int) -> None:
        loop = asyncio.get_running_loop()
        handled, limit = -1, loop.time() + _STUCK_SECONDS
        while True:
            info = await self._stream.consumer_info(EVENTS, durable)
            floor = info.ack_floor.stream_seq if info.ack_floor else 0
            waiting = (info.num_pending or 0) + (info.num_ack_pending or 0)
            if not waiting or floor >= last:
                return
            if floor != handled:
                handled, limit = floor, loop.time() + _STUCK_SECONDS
            if loop.time() > limit:
                raise BusUnavailable(f"{waiting} facts that were stated before this command are not handled yet")
            await asyncio.sleep(_POLL_SECONDS)
