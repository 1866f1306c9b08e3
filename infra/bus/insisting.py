"""Doing again what nats-server was not there to do, and going on after a bug."""

import asyncio
from collections.abc import Awaitable, Callable

from nats.errors import Error

from contracts.errors import Unavailable
from infra.logs import logger

log = logger(__name__)

_PAUSE = 0.5


async def insist(who: str, action: Callable[[], Awaitable[None]]) -> None:
    """Await ``action`` until it succeeds; ``who`` waits, says the log meanwhile."""
    while True:
        try:
            return await action()
        except (Error, TimeoutError, Unavailable) as error:
            log.warning("waits", who=who, error=str(error) or type(error).__name__)
            await asyncio.sleep(_PAUSE)


async def keep_up(who: str, work: Callable[[], Awaitable[None]]) -> None:
    """Await ``work`` until it returns; an error is logged, and it begins again: nobody else watches over it."""
    while True:
        try:
            return await work()
        except (Error, TimeoutError, Unavailable) as error:
            log.warning("waits", who=who, error=str(error) or type(error).__name__)
        except Exception:
            log.exception("failed, and begins again", who=who)
        await asyncio.sleep(_PAUSE)
