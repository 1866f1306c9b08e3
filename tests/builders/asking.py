"""Waiting by asking, with a limit that is a failure."""

import asyncio
import time
from collections.abc import Awaitable, Callable


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Ask until ``condition`` holds; fail after ``seconds``."""
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            raise AssertionError(f"did not come true within {seconds:g} s")
        time.sleep(0.005)


async def eventually(condition: Callable[[], Awaitable[bool]], seconds: float = 20.0) -> None:
    """Ask until ``condition`` holds, letting others run; fail after ``seconds``."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - what is asked for lives in other processes
            await asyncio.sleep(0.01)
