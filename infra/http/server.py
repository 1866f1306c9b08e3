"""Uvicorn beside the bus, on the same loop."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from contracts.errors import Misconfigured

_GRACE_SECONDS = 5


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the process, which has more to stop than this server."""
        yield


def bound(host: str, port: int, prefix: str) -> socket.socket:
    """Return a socket that listens at this address, which stands in the settings of this prefix.

    Raises:
        Misconfigured: if it is taken, or not ours.
    """
    try:
        listener = socket.create_server((host, port), backlog=512)
    except OSError as error:
        raise Misconfigured(f"{prefix}HTTP_HOST, {prefix}HTTP_PORT: cannot listen at {host}:{port}: {error}") from None
    # asyncio does this only for sockets that say that they are TCP; without it each answer waits 40 ms for an ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


async def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Answer until cancelled; requests in hand are answered first, within a few seconds."""
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await serving
