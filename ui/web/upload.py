"""Files that people add: streamed from the request into the object store, whatever their size."""

import asyncio
import queue
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import PurePath
from typing import cast

from tornado.http1connection import HTTP1Connection
from tornado.web import HTTPError, RequestHandler, stream_request_body

from infra.objects import Objects, ObjectsUnavailable, Stored
from ui.web.login import Guard

PREFIX = "uploads"
_WAITING = 8
"""Pieces that may wait for the store; then the browser waits."""
_GLANCE = 0.5
"""Seconds after which a thread that waits looks whether the other end is still there."""


class UploadBroken(ConnectionError):
    """The browser went away before the last byte."""


class _Pipe:
    """Bytes from the loop to a thread; a full pipe makes the sender wait."""

    def __init__(self) -> None:
        self._pieces: queue.Queue[bytes | None] = queue.Queue(_WAITING)
        self._broken = threading.Event()
        self._read = threading.Event()

    def write(self, piece: bytes | None) -> None:
        """Pass on a piece, or None for the end; what nobody reads any more is dropped."""
        while not self._read.is_set():
            with suppress(queue.Full):
                self._pieces.put(piece, timeout=_GLANCE)
                return

    def break_off(self) -> None:
        """Make the reader fail, so that half a file is never stored."""
        self._broken.set()

    def read(self) -> Generator[bytes, None, None]:
        """Yield the pieces until the end."""
        try:
            while (piece := self._next()) is not None:
                yield piece
        finally:
            self._read.set()

    def _next(self) -> bytes | None:
        while not self._broken.is_set():
            with suppress(queue.Empty):
                return self._pieces.get(timeout=_GLANCE)
        raise UploadBroken


@stream_request_body
class Upload(RequestHandler):
    """POST the bytes of a file; the answer says under which key they lie."""

    guard: Guard
    objects: Objects
    most_bytes: int
    threads: ThreadPoolExecutor

    def initialize(self) -> None:
        """Prepare for a body that has not come yet."""
        self._pipe = _Pipe()
        self._stored: asyncio.Future[Stored] | None = None

    async def prepare(self) -> None:
        """Refuse strangers and other sites before the first byte is read."""
        cast("HTTP1Connection", self.request.connection).set_max_body_size(self.most_bytes)
        if int(self.request.headers.get("Content-Length", "0")) > self.most_bytes:
            raise HTTPError(413)
        origin = self.request.headers.get("Origin", "")
        if origin.partition("://")[2] != self.request.host:
            raise HTTPError(403)
        if await self.guard.person(self) is None:
            raise HTTPError(401)
        suffix = PurePath(self.get_query_argument("filename", "")).suffix.lower()[:16]
        self._stored = asyncio.get_running_loop().run_in_executor(self.threads, self._put, suffix)

    def _put(self, suffix: str) -> Stored:
        # Closed at once if the store fails: the browser would wait for ever for someone to read on.
        with closing(self._pipe.read()) as pieces:
            return self.objects.put(PREFIX, pieces, suffix)

    async def data_received(self, chunk: bytes) -> None:
        """Pass a piece on."""
        await asyncio.to_thread(self._pipe.write, chunk)

    async def post(self) -> None:
        """Answer with the key once all bytes are stored."""
        assert self._stored is not None
        await asyncio.to_thread(self._pipe.write, None)
        try:
            stored = await self._stored
        except ObjectsUnavailable as error:
            raise HTTPError(503, str(error)) from error
        self.write({"upload": stored.key, "size": stored.size})

    def on_connection_close(self) -> None:
        """Drop what came of a file whose sender went away."""
        self._pipe.break_off()
