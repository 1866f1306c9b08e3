"""Ending tasks that do not hear it the first time."""

import asyncio
from typing import Any


async def ended(*tasks: asyncio.Task[Any], patience: float = 0.25) -> None:
    """Return once all ``tasks`` have ended; each is cancelled again every ``patience`` seconds until it has.

    One cancellation is not enough: nats-py, and ``wait_for`` up to Python 3.11, lose one that comes at the very moment
    at which what they wait for is there. Whoever ends tasks that end others waits longer than they do.
    """
    while going_on := [task for task in tasks if not task.done()]:
        for task in going_on:
            task.cancel()
        await asyncio.wait(going_on, timeout=patience)
