"""The event ingress over a bus and objects in memory."""

from datetime import datetime
from typing import Any

import httpx

from infra.bus import BusUnavailable
from infra.bus.envelope import Outgoing
from infra.objects.store import open_objects
from infra.telemetry import Telemetry
from infra.tokens import TokenChecker
from services.ingest.api.lfs import Lfs
from services.ingest.api.limits import Measures
from services.ingest.api.passes import Passes
from services.ingest.api.routes import Api, application
from services.ingest.settings import IngestSettings
from tests.builders.bus import MemoryBus
from tests.builders.tokens import ISSUER, NOW, KnownKeys, rsa_key, signed

KEY = rsa_key()
AUDIENCE = "trackside-events"
ALL = "send hear upload"
BODY = {"ingestion_id": "ing-1", "name": "penguins", "upload": "uploads/1", "filename": "p.csv"}
HEADERS = {"ce-specversion": "1.0", "ce-id": "id-1", "ce-source": "/me", "ce-type": "RegisterDataset"}
SETTINGS = IngestSettings(http_max_event_bytes=2000, http_max_upload_bytes=3_000_000, http_waiting=1, http_uploading=1)


class SendingBus(MemoryBus):
    """A bus in memory that keeps what was sent on."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Outgoing] = []

    async def send(self, outgoing: Outgoing) -> None:
        if self.away:
            raise BusUnavailable("nats-server is away")
        self.sent.append(outgoing)


class Server:
    """The API over a bus and objects in memory, asked by HTTP."""

    def __init__(self, **changes: Any) -> None:
        settings = SETTINGS.model_copy(update=changes)
        self.bus, self.objects = SendingBus(), open_objects("memory://")
        self.now: datetime = NOW
        measures = Measures.of(settings)
        self.api = Api(
            self.bus, self.objects, Telemetry("test"), lambda: NOW, settings, lambda: not self.bus.away, measures
        )  # fmt: skip
        lfs = Lfs(self.objects, Passes(b"key" * 11, lambda: self.now), settings, measures)
        self.app = application(self.api, lfs, TokenChecker(ISSUER, AUDIENCE, clock=lambda: NOW, keys=KnownKeys(KEY)))
        self.http = httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://events")

    async def ask(self, method: str, path: str, scope: str = ALL, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token(scope=scope)}", **request.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **request)

    async def send(self, body: Any = BODY, headers: dict[str, str] | None = None, scope: str = ALL) -> httpx.Response:
        return await self.ask("POST", "/events", scope, json=body, headers={**HEADERS, **(headers or {})})


def token(**changes: Any) -> str:
    return signed(KEY, **{"aud": AUDIENCE, "scope": ALL, **changes})
