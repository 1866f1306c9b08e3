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
from tornado.web import RequestHandler, stream_request_body

from contracts.grants import UPLOAD
from infra.http.bodies import error_body
from infra.objects import Objects, ObjectsUnavailable, Stored
from infra.tokens import GrantMissing
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
        size, origin = self.request.headers.get("Content-Length", "0"), self.request.headers.get("Origin", "")
        if int(size) > self.most_bytes:
            cause = f"The file has {size} bytes; at most {self.most_bytes} are taken."
            self._refuse(413, "TooLarge", cause, "Raise UI_MAX_UPLOAD_BYTES, or make it smaller.")
            return
        if origin.partition("://")[2] != self.request.host:
            cause = f"A page of {origin or 'no origin'} sends a file to {self.request.host}."
            self._refuse(403, "OriginRefused", cause, "Open the page at the address that UI_PUBLIC_URL names.")
            return
        person = await self.guard.person(self)
        if person is None:
            self._refuse(401, "NotLoggedIn", "You are not logged in (any more).", "Open the page anew.")
            return
        try:
            person.need(UPLOAD)
        except GrantMissing as missing:
            self._refuse(403, missing.reason, missing.cause, missing.cure)
            return
        suffix = PurePath(self.get_query_argument("filename", "")).suffix.lower()[:16]
        self._stored = asyncio.get_running_loop().run_in_executor(self.threads, self._put, suffix)

    def _refuse(self, status: int, reason: str, cause: str, cure: str) -> None:
        self.set_status(status)
        # Tornado hangs up where a body was not read, and does not say so: the sender's next request would be lost.
        self.set_header("Connection", "close")
        self.finish(error_body(reason, cause, cure))

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
            self._refuse(503, type(error).__name__, f"{error}.", "Wait a moment, then try again.")
            return
        self.write({"upload": stored.key, "size": stored.size})

    def on_connection_close(self) -> None:
        """Drop what came of a file whose sender went away."""
        self._pipe.break_off()
