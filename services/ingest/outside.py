"""What runs beside ingest for those outside: the door that lets publishers in, and the postman that tells webhooks."""

import asyncio
from collections.abc import Awaitable, Callable

from infra.bus import Bus
from infra.bus.door import Door, DoorFiles
from infra.bus.postman import Postman
from infra.bus.signature import SigningKey
from infra.state import State
from infra.telemetry import Telemetry
from services.ingest.hooks import DeliveryLedger
from services.ingest.settings import IngestSettings
from services.ingest.store import METADATA


def signing_key(settings: IngestSettings) -> SigningKey:
    """Return the key that webhooks are signed with; without a folder to keep it in, it lives as long as the process."""
    return SigningKey.new() if settings.door_folder is None else SigningKey.open(settings.door_folder / "webhooks.key")


def beside(settings: IngestSettings, key: SigningKey) -> Callable[[Bus], Awaitable[None]] | None:
    """Return what runs until cancelled, where there is a folder with the door's keys."""
    if settings.door_folder is None:
        return None
    files = DoorFiles(settings.door_folder)

    async def run(bus: Bus) -> None:
        state = State(settings.state_url, METADATA)
        door = Door(settings.nats_url, files, Telemetry("door", settings.traces_dir))
        postman = Postman(settings.nats_url, files.seed, key, DeliveryLedger(state))
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(door.run(bus))
                group.create_task(postman.run(bus))
        finally:
            state.close()

    return run
