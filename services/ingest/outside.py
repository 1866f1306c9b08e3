"""What runs beside ingest: its signs of progress, publishers' door, webhooks' postman, the event ingress over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine

from contracts.errors import Misconfigured
from infra.bus import Bus
from infra.bus.announcer import Announcer
from infra.bus.door import Door, DoorFiles
from infra.bus.postman import Postman
from infra.bus.signature import SigningKey
from infra.objects import Objects
from infra.state import State
from infra.tasks import ended
from infra.telemetry import Telemetry
from services.ingest.hooks import DeliveryLedger
from services.ingest.settings import IngestSettings
from services.ingest.store import METADATA

_DRAIN_SECONDS = 3.0
"""What the ingress needs to finish what it has in hand."""


def signing_key(settings: IngestSettings) -> SigningKey:
    """Return the key that webhooks are signed with; without a folder to keep it in, it lives as long as the process."""
    return SigningKey.new() if settings.door_folder is None else SigningKey.open(settings.door_folder / "webhooks.key")


def beside(
    settings: IngestSettings, key: SigningKey, objects: Objects, announcer: Announcer
) -> Callable[[Bus], Awaitable[None]]:
    """Return what runs until cancelled; where there is no folder with the door's keys, only ``announcer`` does.

    Raises:
        Misconfigured: if there is none, and the event ingress is on.
    """
    if settings.door_folder is None:
        if settings.http_port is not None:
            raise Misconfigured("INGEST_HTTP_PORT needs INGEST_DOOR_FOLDER: events go on by the door's key")
        return announcer.run
    files = DoorFiles(settings.door_folder)

    async def run(bus: Bus) -> None:
        state = State(settings.state_url, METADATA)
        telemetry = Telemetry("door", settings.traces_dir, otlp=settings.otlp_endpoint is not None)
        url, ca_file = settings.nats_url, settings.nats_ca_file
        door = Door(url, files, telemetry, ca_file=ca_file)
        postman = Postman(url, files.seed, key, DeliveryLedger(state), ca_file=ca_file)
        ingress = _ingress(settings, files, objects)
        parts = (announcer.run(bus), door.run(bus), postman.run(bus), ingress)
        running = [asyncio.create_task(part) for part in parts if part is not None]
        try:
            over, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.gather(*over)  # none ends by itself but by an error
        finally:
            await ended(*running, patience=_DRAIN_SECONDS)
            state.close()

    return run


def _ingress(settings: IngestSettings, files: DoorFiles, objects: Objects) -> Coroutine[None, None, None] | None:
    """Return what answers HTTP, on a port that is taken from now on; None if it is off."""
    if settings.http_port is None:
        return None
    # Imported here because it costs memory that an ingest without it need not pay.
    from infra.http.server import bound  # noqa: PLC0415
    from services.ingest.ingress import answer_http  # noqa: PLC0415

    return answer_http(settings, bound(settings.http_host, settings.http_port, "INGEST_"), files, objects)
