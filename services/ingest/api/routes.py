"""The routes: what answers, what it takes, and what it says."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import quote, urlencode

from opentelemetry.trace import SpanKind
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from contracts.errors import Misconfigured, Refusal, Unavailable
from contracts.grants import HEAR, SEND, UPLOAD, sending
from contracts.identities import ORDERS
from contracts.ids import derived
from infra.bus.envelope import Outgoing, forwarded
from infra.clock import Clock
from infra.http.faults import on_http_error
from infra.http.guard import Guard
from infra.http.needs import OPEN
from infra.http.policy import Policy, Rule
from infra.http.timed import Timed
from infra.logs import logger
from infra.objects import Objects
from infra.telemetry import Telemetry, current_traceparent
from infra.tokens import Caller, GrantMissing, TokenChecker
from services.ingest.api.body import pieces
from services.ingest.api.docs import PAGE
from services.ingest.api.events import command_of, received
from services.ingest.api.faults import on_disconnect, on_grant_missing, on_misconfigured, on_refusal, on_unavailable
from services.ingest.api.lfs import RULES as LFS_RULES
from services.ingest.api.lfs import Lfs
from services.ingest.api.limits import Measures
from services.ingest.api.openapi import document
from services.ingest.api.refusals import MediaTypeRefused, ParameterRefused
from services.ingest.api.stories import Facts, answer, as_cloudevent, story
from services.ingest.api.uploads import stored
from services.ingest.settings import IngestSettings

log = logger(__name__)

_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}")
_LONGEST_WAIT = 60


class Sender(Facts, Protocol):
    """The bus, as the door speaks on it."""

    async def send(self, outgoing: Outgoing) -> None:
        """Store a sealed message in its stream; however often it is sent, it is stored once."""


@dataclass(frozen=True)
class Api:
    """What the routes work with."""

    bus: Sender
    objects: Objects
    telemetry: Telemetry
    clock: Clock
    settings: IngestSettings
    linked: Callable[[], bool]
    """Whether the bus is there."""
    measures: Measures

    async def health(self, _request: Request) -> Response:
        """Say whether events can go on."""
        problems = [] if self.linked() else ["nats-server is away."]
        return JSONResponse({"ready": not problems, "problems": problems}, 503 if problems else 200)

    async def take(self, request: Request) -> Response:
        """Send a command on in its sender's name, and say where its answer is to be heard."""
        caller = self._counted(request)
        limit = self.settings.http_max_event_bytes
        body = b"".join([piece async for piece in pieces(request, "event", limit, "INGEST_HTTP_MAX_EVENT_BYTES")])
        event = received(request.headers, body, caller, self.clock)
        kind = type(event.command)
        parent = request.headers.get("traceparent") or event.envelope.traceparent
        with self.telemetry.span(f"event {kind.__name__}", parent=parent, kind=SpanKind.SERVER):
            envelope = replace(event.envelope, traceparent=current_traceparent())
            await self.bus.send(forwarded(event.command, envelope, source_of(caller)))
        log.info("taken", client=caller.subject, command=kind.__name__, key=event.command.key)
        place = f"/events/{quote(envelope.id, safe='')}/answer"
        place += f"?{urlencode({'type': kind.__name__, 'key': event.command.key})}"
        said = {"id": envelope.id, "type": kind.subject, "key": event.command.key}
        heard = {"answer": place, "facts": f"/facts/{event.command.key}"}
        return JSONResponse({**said, **heard}, 202, headers={"Location": place})

    async def answer(self, request: Request) -> Response:
        """Tell the fact that answers an event of the same client: what was done, or why not."""
        caller = self._counted(request)
        kind = command_of(request.query_params.get("type", ""))
        caller.need(sending(kind))
        command = derived("outside", source_of(caller), request.path_params["id"])
        key, wait = _key(request.query_params.get("key", "")), _whole(request, "wait", _LONGEST_WAIT)
        with self.measures.waiting.held(caller.subject):
            fact = await answer(self.bus, ORDERS[kind], key, command, wait)
        if fact is None:
            return JSONResponse({"answered": False}, 202, headers={"Retry-After": "1"})
        return JSONResponse(as_cloudevent(fact), media_type="application/cloudevents+json")

    async def facts(self, request: Request) -> Response:
        """Tell what was stated about a key behind a place in the stream."""
        caller = self._counted(request)
        after, wait = _whole(request, "after", 2**63 - 1), _whole(request, "wait", _LONGEST_WAIT)
        with self.measures.waiting.held(caller.subject):
            told = await story(self.bus, _key(request.path_params["key"]), after, wait)
        return JSONResponse(list(map(as_cloudevent, told)), media_type="application/cloudevents-batch+json")

    async def upload(self, request: Request) -> Response:
        """Store a file, which RegisterDataset then names."""
        caller = self._counted(request)
        media = request.headers.get("content-type", "")
        if media.startswith("multipart/"):
            raise MediaTypeRefused(media, "Send the file's bytes as the body: curl -T FILE -X POST.")
        limit = self.settings.http_max_upload_bytes
        coming = pieces(request, "upload", limit, "INGEST_HTTP_MAX_UPLOAD_BYTES")
        with self.measures.uploading.held(caller.subject):
            found = await stored(self.objects, coming, self.settings.scratch_dir)
        log.info("uploaded", client=caller.subject, upload=found.key, bytes=found.size)
        return JSONResponse({"upload": found.key, "bytes": found.size, "sha256": found.digest}, 201)

    async def docs(self, _request: Request) -> Response:
        """Explain the API to a person."""
        return HTMLResponse(PAGE)

    async def openapi(self, _request: Request) -> Response:
        """Explain the API to a program."""
        return JSONResponse(document())

    def _counted(self, request: Request) -> Caller:
        caller: Caller = request.scope["caller"]
        self.measures.rate.take(caller.subject)
        return caller


_SEND_IT = f"{SEND}:{{command}}"

RULES = (
    Rule("GET", "/health", Api.health, OPEN),
    Rule("GET", "/docs", Api.docs, OPEN),
    Rule("GET", "/openapi.json", Api.openapi, OPEN),
    Rule("POST", "/events", Api.take, _SEND_IT),
    Rule("GET", "/events/{id:path}/answer", Api.answer, _SEND_IT),
    Rule("GET", "/facts/{key}", Api.facts, HEAR),
    Rule("POST", "/uploads", Api.upload, UPLOAD),
)


def application(api: Api, lfs: Lfs, checker: TokenChecker) -> Starlette:
    """Return the API as an ASGI application, closed to who has no token."""
    policy = Policy(api, RULES).joined(Policy(lfs, LFS_RULES))
    return Starlette(
        routes=policy.routes,
        middleware=[
            Middleware(Timed, telemetry=api.telemetry),
            Middleware(Guard, checker=checker, policy=policy),
        ],
        exception_handlers={
            Refusal: on_refusal,
            GrantMissing: on_grant_missing,
            Unavailable: on_unavailable,
            Misconfigured: on_misconfigured,
            ClientDisconnect: on_disconnect,
            HTTPException: on_http_error,
        },
    )


def source_of(caller: Caller) -> str:
    """Return the source of what a client sends: its name at the issuer, as a URI may hold it."""
    return quote(caller.subject, safe="@:+|/")


def _key(stated: str) -> str:
    if not _KEY.fullmatch(stated):
        raise ParameterRefused("key", "a key: letters, digits, _ and -, at most 128")
    return stated


def _whole(request: Request, name: str, most: int) -> int:
    stated = request.query_params.get(name, "0")
    if not re.fullmatch(r"[0-9]{1,20}", stated) or int(stated) > most:
        raise ParameterRefused(name, f"a whole number from 0 to {most}")
    return int(stated)
