"""The event ingress: HTTP on one side, the door's connection to the bus on the other."""

from socket import socket
from typing import Literal

from contracts.streams import DOOR
from infra.bus.client import connect
from infra.bus.door import DoorFiles
from infra.clock import utc_now
from infra.history.archive import archive_of
from infra.http.guard import checker_of
from infra.http.server import serve
from infra.objects import Objects
from infra.telemetry import Telemetry
from services.ingest.api.lfs import Lfs
from services.ingest.api.limits import Measures
from services.ingest.api.passes import Passes
from services.ingest.api.routes import Api, application
from services.ingest.settings import IngestSettings


class _Link:
    """Whether nats-server is there."""

    def __init__(self) -> None:
        self.up = False

    def __call__(self, news: Literal["away", "back"]) -> None:
        self.up = news == "back"


async def answer_http(settings: IngestSettings, listener: socket, files: DoorFiles, objects: Objects) -> None:
    """Take events from outside until cancelled."""
    telemetry = Telemetry("ingress", settings.traces_dir, otlp=settings.otlp_endpoint is not None)
    link = _Link()
    bus = await connect(
        settings.nats_url,
        files.seed,
        DOOR,
        telemetry,
        ca_file=settings.nats_ca_file,
        on_link=link,
        archive=archive_of(settings),
    )
    link.up = True
    measures = Measures.of(settings)
    api = Api(bus, objects, telemetry, utc_now, settings, lambda: link.up, measures)
    lfs = Lfs(objects, Passes.open(files.folder / "lfs.key", utc_now), settings, measures)
    try:
        await serve(application(api, lfs, checker_of(settings)), listener)
    finally:
        await bus.close()
        telemetry.close()
