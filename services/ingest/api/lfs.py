"""Git LFS over the object store: the batch API, the basic transfer, and no locks."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from contracts.grants import HEAR, UPLOAD
from infra.http.needs import PASS
from infra.http.policy import Rule
from infra.logs import logger
from infra.objects import ObjectMissing, Objects
from infra.objects.spool import measured
from infra.tokens import Caller
from services.ingest.api.body import pieces
from services.ingest.api.lfs_batch import MEDIA, Wanted, action, batch_in, download_of, upload_of, wanted_in
from services.ingest.api.limits import Measures
from services.ingest.api.passes import Act, Pass, Passes
from services.ingest.api.refusals import LfsObjectAbsent, LfsObjectUnlike, ParameterRefused, RangeRefused
from services.ingest.api.uploads import received
from services.ingest.settings import IngestSettings

log = logger(__name__)

PREFIX = "lfs"
"""Where the objects lie, each by its SHA-256: whatever repositories point to it share it."""
_PIECE = 4 * 1024 * 1024
_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})")


@dataclass(frozen=True)
class Lfs:
    """What git-lfs asks for, whichever repository it comes from."""

    objects: Objects
    passes: Passes
    settings: IngestSettings
    measures: Measures

    async def batch(self, request: Request) -> Response:
        """Say of each object whether it is here, and hand out passes to send or to have it."""
        caller = self._counted(request)
        batch = batch_in(await self._body(request))
        if batch.operation == "upload":
            caller.need(UPLOAD)
        acted = partial(self._action, _base(request, self.settings.http_address), caller.subject)
        told = []
        sizes = await asyncio.to_thread(lambda: [self._size(wanted.oid) for wanted in batch.objects])
        for wanted, size in zip(batch.objects, sizes, strict=True):
            if batch.operation == "upload":
                told.append(upload_of(wanted, size, self.settings.http_max_upload_bytes, acted))
            else:
                told.append(download_of(wanted, size, acted))
        return _json({"transfer": "basic", "hash_algo": "sha256", "objects": told})

    async def put(self, request: Request) -> Response:
        """Store an object, once its bytes are proven to be those that were announced."""
        held = self._held(request, "upload", request.path_params["oid"])
        stated = request.headers.get("content-length")
        if stated is not None and stated != str(held.size):
            raise LfsObjectUnlike(held.oid, f"{stated[:20]} bytes instead of {held.size}")
        coming = pieces(request, "object", self.settings.http_max_upload_bytes, "INGEST_HTTP_MAX_UPLOAD_BYTES")
        turn = self.measures.sending.held(held.subject)
        async with turn, received(coming, self.settings.scratch_dir) as path:
            digest, size = await asyncio.to_thread(measured, path)
            if (digest, size) != (held.oid, held.size):
                raise LfsObjectUnlike(held.oid, f"{size} bytes with the SHA-256 {digest}")
            await asyncio.to_thread(self.objects.put_file, PREFIX, path)
        log.info("stored for lfs", client=held.subject, oid=held.oid, bytes=held.size)
        return Response(status_code=200)

    async def get(self, request: Request) -> Response:
        """Give an object, or the rest of one that came by half."""
        held = self._held(request, "download", request.path_params["oid"])
        size = await asyncio.to_thread(self._size, held.oid)
        if size is None:
            raise LfsObjectAbsent(held.oid)
        asked = request.headers.get("range")
        first, last = (0, size - 1) if asked is None else _part(asked, size)
        headers = {"Accept-Ranges": "bytes", "Content-Length": str(last + 1 - first)}
        if asked is not None:
            headers["Content-Range"] = f"bytes {first}-{last}/{size}"
        status = 200 if asked is None else 206
        return StreamingResponse(
            self._pieces(held, first, last), status, headers=headers, media_type="application/octet-stream"
        )

    async def verify(self, request: Request) -> Response:
        """Say whether an object that was sent is here."""
        # The pass is looked at before what is said: who has none is told nothing else.
        self._held(request, "verify")
        wanted = wanted_in(await self._body(request))
        held = self._held(request, "verify", wanted.oid)
        size = await asyncio.to_thread(self._size, wanted.oid)
        if size is None:
            raise LfsObjectAbsent(wanted.oid)
        if size != wanted.size:
            raise LfsObjectUnlike(held.oid, f"{size} bytes are here, and not {wanted.size}")
        return _json({})

    async def locks(self, request: Request) -> Response:
        """Say that nobody has locked a file: locks are not kept here."""
        self._counted(request)
        return _json({"ours": [], "theirs": []})

    def _counted(self, request: Request) -> Caller:
        caller: Caller = request.scope["caller"]
        self.measures.rate.take(caller.subject)
        if not _REPOSITORY.fullmatch(request.path_params["repository"]):
            raise ParameterRefused("repository", "a name: letters, digits, ., _ and -, at most 128")
        return caller

    def _held(self, request: Request, act: Act, oid: str | None = None) -> Pass:
        held = self.passes.held(request.headers.get("authorization", ""), act, oid)
        request.scope["caller"] = Caller(held.subject, frozenset(), 0)
        return held

    async def _body(self, request: Request) -> bytes:
        limit = self.settings.http_max_event_bytes
        return b"".join([piece async for piece in pieces(request, "request", limit, "INGEST_HTTP_MAX_EVENT_BYTES")])

    def _size(self, oid: str) -> int | None:
        try:
            return self.objects.size(f"{PREFIX}/{oid}")
        except ObjectMissing:
            return None

    def _pieces(self, held: Pass, first: int, last: int) -> Iterator[bytes]:
        for start in range(first, last + 1, _PIECE):
            yield self.objects.part(f"{PREFIX}/{held.oid}", start, min(_PIECE, last + 1 - start))

    def _action(self, base: str, subject: str, act: Act, wanted: Wanted) -> dict[str, Any]:
        href = f"{base}/verify" if act == "verify" else f"{base}/objects/{wanted.oid}"
        return action(href, self.passes.header(Pass(act, wanted.oid, wanted.size, subject)))


RULES = (
    Rule("POST", "/lfs/{repository}/objects/batch", Lfs.batch, HEAR, basic=True),
    Rule("POST", "/lfs/{repository}/locks/verify", Lfs.locks, HEAR, basic=True),
    Rule("PUT", "/lfs/{repository}/objects/{oid}", Lfs.put, PASS),
    Rule("GET", "/lfs/{repository}/objects/{oid}", Lfs.get, PASS),
    Rule("POST", "/lfs/{repository}/verify", Lfs.verify, PASS),
)
"""Who reads may hear; who sends needs the grant to upload besides, for Git asks before it sends."""


def _base(request: Request, address: str) -> str:
    at = address or f"{request.url.scheme}://{request.url.netloc}"
    return f"{at}/lfs/{request.path_params['repository']}"


def _part(asked: str, size: int) -> tuple[int, int]:
    found = _RANGE.fullmatch(asked)
    if found is None:
        raise RangeRefused(asked, size)
    first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    if first > last:
        raise RangeRefused(asked, size)
    return first, last


def _json(said: dict[str, Any]) -> Response:
    return JSONResponse(said, media_type=MEDIA)
