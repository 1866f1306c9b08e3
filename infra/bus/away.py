"""What a request to nats-server ends in while it is away, and asking again until it is there."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from nats.errors import ConnectionClosedError, Error, NoRespondersError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.errors import NoStreamResponseError, ServiceUnavailableError

from contracts.streams import EVENTS
from infra.bus import BusUnavailable

AWAY = (NatsTimeout, NoRespondersError, NoStreamResponseError, ServiceUnavailableError, ConnectionClosedError)
"""What a request ends in while nats-server is away, or starts."""

_SECONDS = 10.0
_BETWEEN_TRIES = 0.1

T = TypeVar("T")


async def answered(ask: Callable[[], Awaitable[T]]) -> T:
    """Return what ``ask`` does; what is asked of a nats-server that is just coming back is lost, and so asked again.

    Raises:
        BusUnavailable: if nats-server does not answer within some seconds, or refuses.
    """
    limit = asyncio.get_running_loop().time() + _SECONDS
    while True:
        try:
            return await ask()
        except Error as error:
            if not isinstance(error, AWAY) or asyncio.get_running_loop().time() > limit:
                raise BusUnavailable(f"the stream {EVENTS} cannot be read: {type(error).__name__}") from error
        await asyncio.sleep(_BETWEEN_TRIES)
