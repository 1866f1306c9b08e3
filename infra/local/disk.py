"""A disk that was full: nats-server stops writing a stream at the first write that fails, until it is started again."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import httpx

from infra.local.supervisor import Watched

ROOM = 64 * 1024**2
"""Bytes that have to be free before nats-server is started again; with less it would stop again soon."""

_LOOK_EVERY = 5.0


async def restart_with_room(nats: Watched, health: str, folder: Path, tell: Callable[[str], None]) -> None:
    """Watch nats-server, which answers for its ``health`` at that URL and writes to ``folder``, for ever.

    Where a write failed, end it once there is room again: whoever keeps it running starts it anew, and it writes.
    """
    told = False
    async with httpx.AsyncClient(timeout=_LOOK_EVERY, trust_env=False) as client:
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            if not await _failed_to_write(client, health):
                told = False
            elif shutil.disk_usage(folder).free >= ROOM and nats.child is not None and nats.pid is not None:
                tell(f"{folder} was full and has room again; nats-server starts anew")
                nats.child.terminate()
            elif not told:
                tell(f"{folder} is full: nothing is stored any more; make room, and it goes on by itself")
                told = True


async def _failed_to_write(client: httpx.AsyncClient, health: str) -> bool:
    try:
        answer = await client.get(health)
    except httpx.HTTPError:
        return False
    return "write error" in answer.text
