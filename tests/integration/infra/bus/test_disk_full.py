"""No room: what cannot be kept is refused at once and clearly, nothing is kept by halves, and with room it goes on."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from contracts.streams import EVENTS
from contracts.training import FitCompleted
from infra.bus import BusFull, BusUnavailable
from infra.bus.archiving import Archivist
from infra.bus.client import NatsBus, connect
from infra.bus.connection import connect as connect_client
from infra.bus.streams import needed_streams, provision
from infra.clock import utc_now
from infra.history.archive import ObjectArchive
from infra.objects import ObjectsFull
from infra.objects.store import open_objects
from infra.telemetry import Telemetry
from tests.builders.disks import SmallDisk, small_disk
from tests.builders.messages import a_fit_completed
from tests.builders.nats import NatsServer

LONG = "x" * 50_000


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", megabytes=8) as mounted:
        if mounted is None:
            pytest.skip("only root may mount a small disk; the limit of nats-server's own is tested all the same")
        yield mounted


async def test_a_publish_beyond_the_limit_is_refused_at_once_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    server = NatsServer(tmp_path, sync_always=True, limits="max_file_store: 4MB")
    server.start()
    client = await connect_client(server.url, name="provisioner")
    [events] = [config for config in needed_streams() if config.name == EVENTS]
    await client.jetstream().add_stream(events)
    async with speaking(server) as bus:
        kept = await filled(bus, BusFull)
        began = monotonic()
        with pytest.raises(BusFull, match=r"evt\.training\.fit\.completed\.v1\.exp-1 was not stored: .*max_file_store"):
            await bus.publish(a_fit(-1))
        assert monotonic() - began < 2
        assert await told(bus) == kept
        archive = ObjectArchive(lambda: open_objects(f"file://{tmp_path}/objects"))
        await Archivist(client, archive, lambda *_: None).archive(utc_now() + timedelta(days=1))
        await bus.publish(a_fit(-2))
        assert (await client.jetstream().stream_info(EVENTS)).state.messages == 1
        assert await told(NatsBus(client, "test", Telemetry("test"), archive=archive)) == [*kept, -2]
    await client.close()
    server.kill()


async def test_a_full_disk_refuses_keeps_what_was_acknowledged_and_goes_on_once_nats_server_starts_again(
    tmp_path: Path, disk: SmallDisk
) -> None:
    server = NatsServer(tmp_path, store=disk.folder / "streams", sync_always=True, limits="max_file_store: 20GB")
    server.start()
    await provision(server.url)
    async with speaking(server) as bus:
        kept = await filled(bus, BusUnavailable, "cannot write to its disk")
        # nats-server stops at the first write that fails, and reads only.
        assert await told(bus) == kept
        disk.resize(16)
        server.kill()
        server.start()
        await bus.publish(a_fit(-2))
        assert await told(bus) == [*kept, -2]
    server.kill()


def test_an_upload_to_a_full_disk_is_refused_leaves_nothing_behind_and_is_taken_when_there_is_room(
    disk: SmallDisk,
) -> None:
    objects = open_objects(f"file://{disk.folder}")
    large = os.urandom(12 * 1024 * 1024)
    kept = objects.put("uploads", [b"small"])
    with pytest.raises(ObjectsFull, match="No space is left in the object store for uploads/"):
        objects.put("uploads", [large])
    with pytest.raises(ObjectsFull, match="No space is left in the object store for uploads/once"):
        objects.create("uploads/once", [large])
    assert disk.files() == {kept.key}
    disk.resize(40)
    assert objects.read(objects.put("uploads", [large]).key) == large
    assert objects.create("uploads/once", [large])


def test_a_full_scratch_folder_is_named_and_left_empty(
    disk: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(disk.folder))
    objects = open_objects(f"file://{tmp_path}/objects")
    with pytest.raises(ObjectsFull, match=f"No space is left in {disk.folder} to take in an object"):
        objects.put("uploads", (os.urandom(1024 * 1024) for _ in range(12)))
    assert disk.files() == set()
    assert objects.keys("uploads") == []


@asynccontextmanager
async def speaking(server: NatsServer) -> AsyncIterator[NatsBus]:
    bus = await connect(server.url, None, "test", Telemetry("test"))
    yield bus
    await bus.close()


async def filled(bus: NatsBus, refusal: type[BusUnavailable], match: str = "") -> list[int]:
    """Publish until ``refusal`` comes; return the numbers of what was stored before."""
    for number in range(1000):
        try:
            await bus.publish(a_fit(number))
        except refusal as error:
            return list(range(number)) if match in str(error) else []
    raise AssertionError("it is never full")


def a_fit(number: int) -> FitCompleted:
    """Return a large fact."""
    return a_fit_completed(fold=number, worker=LONG)


async def told(bus: NatsBus) -> list[int]:
    """Return the numbers of all facts in the stream."""
    return [
        fact.message.fold
        async for fact in bus.facts(FitCompleted, stop_when_idle=True)
        if isinstance(fact.message, FitCompleted)
    ]
