"""Ways to ask a process whether it is ready; a probe never raises and never waits long."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from contracts.errors import Unavailable
from contracts.health import AskHealth
from infra.bus import Bus, QuestionRefused

Probe = Callable[[], Awaitable[bool]]

_SECONDS = 2.0


def answers_http(url: str) -> Probe:
    """Return a probe that is true when ``url`` answers with success."""
    place = urlsplit(url)
    path = place.path + (f"?{place.query}" if place.query else "")
    request = f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n"

    async def probe() -> bool:
        try:
            status = await asyncio.wait_for(_status_line(place.hostname or "", place.port or 80, request), _SECONDS)
        except (OSError, TimeoutError):
            return False
        return status.split(" ")[1:2] in (["200"], ["204"])

    return probe


def listens(socket: Path) -> Probe:
    """Return a probe that is true when something accepts connections on a Unix socket."""

    async def probe() -> bool:
        try:
            _, writer = await asyncio.wait_for(asyncio.open_unix_connection(socket), _SECONDS)
        except (OSError, TimeoutError):
            return False
        writer.close()
        return True

    return probe


def is_well(bus: Bus, process: str) -> Probe:
    """Return a probe that is true when ``process`` says over the bus that it is ready."""

    async def probe() -> bool:
        try:
            return (await bus.ask(AskHealth(process=process), seconds=_SECONDS)).ready
        except (Unavailable, QuestionRefused):
            return False

    return probe


async def _status_line(host: str, port: int, request: str) -> str:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(request.encode())
        return (await reader.readline()).decode("latin-1")
    finally:
        writer.close()
