"""How much room a long history of facts takes on the disk of nats-server, as it is and compressed.

Short here; ``make history-long`` publishes 1,000,000 facts. It prints its figures.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import islice
from pathlib import Path
from time import monotonic

import pytest
from nats.aio.client import Client
from nats.js.api import StoreCompression
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.streams import EVENTS
from infra.bus.archiving import Archivist
from infra.bus.client import NatsBus
from infra.bus.connection import connect
from infra.bus.streams import needed_streams, provision_with
from infra.clock import utc_now
from infra.history.archive import ObjectArchive
from infra.objects.store import open_objects
from infra.telemetry import Telemetry
from tests.builders.history import history
from tests.builders.nats import NatsServer


class HistorySettings(BaseSettings):
    """How long the history is."""

    model_config = SettingsConfigDict(env_prefix="TRACKSIDE_HISTORY_", frozen=True)

    events: int = 20_000


SETTINGS = HistorySettings()
ROOM = 1200 * 10**6
"""Bytes that a million facts may take."""
ARCHIVED = 400 * 10**6
"""Bytes that they may take in the archive."""
ON_THE_WAY = 1000
ENOUGH = 10_000
"""Facts that fill three of nats-server's blocks; the last one is compressed when it is full."""
[EVENTS_AS_NEEDED] = [config for config in needed_streams() if config.name == EVENTS]

pytestmark = [pytest.mark.timeout(60 + SETTINGS.events // 500)]


async def test_a_million_facts_fit_into_1200_megabytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = NatsServer(tmp_path)
    server.start()
    began = monotonic()
    try:
        async with _connected(server) as client:
            await provision_with(client)
            plain = await _publish(client, SETTINGS.events)
    finally:
        server.stop()
    compressed, seconds = _on_disk(tmp_path), monotonic() - began
    with capsys.disabled():
        sys.stdout.write(
            f"\n{SETTINGS.events:,} facts in {seconds:.0f} s; for a million: "
            f"{_per_million(compressed)} MB on the disk, {_per_million(plain)} MB without compression\n"
        )
    assert compressed / SETTINGS.events < ROOM / 1_000_000


async def test_the_stream_of_an_earlier_release_is_compressed_once_nats_server_starts_again(tmp_path: Path) -> None:
    server = NatsServer(tmp_path)
    server.start()
    try:
        async with _connected(server) as client:
            await client.jetstream().add_stream(EVENTS_AS_NEEDED.evolve(compression=StoreCompression.NONE))
            await provision_with(client)
        server.stop()
        server.start()
        async with _connected(server) as client:
            held = await _publish(client, ENOUGH)
    finally:
        server.stop()
    assert _on_disk(tmp_path) < held / 2


async def test_an_archived_million_takes_400_megabytes_and_is_read_as_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    server, number = NatsServer(tmp_path), SETTINGS.events // 5
    server.start()
    archive = ObjectArchive(lambda: open_objects(f"file://{tmp_path}/objects"))
    try:
        async with _connected(server) as client:
            await client.jetstream().add_stream(EVENTS_AS_NEEDED)
            await _publish(client, number)
            bus = NatsBus(client, "history", Telemetry("history"), archive=archive)
            before = await _all_told(bus)
            began = monotonic()
            retired = await Archivist(client, archive, lambda *_: None).archive(utc_now() + timedelta(days=1))
            archived = monotonic()
            assert await _all_told(bus) == before == (number, number)
            told = monotonic()
    finally:
        server.stop()
    with capsys.disabled():
        sys.stdout.write(
            f"\n{number:,} facts archived in {archived - began:.0f} s, read in {told - archived:.0f} s; "
            f"for a million: {retired.part_bytes / number:,.0f} MB\n"
        )
    assert retired.part_bytes / number < ARCHIVED / 1_000_000


async def _all_told(bus: NatsBus) -> tuple[int, int]:
    """Read everything; return how many facts there are, and the sequence of the last."""
    number = last = 0
    async for fact in bus.facts(stop_when_idle=True):
        number, last = number + 1, fact.sequence
    return number, last


def _per_million(held: int) -> str:
    return f"{held / SETTINGS.events:,.0f}"


def _on_disk(folder: Path) -> int:
    return sum(block.stat().st_size for block in folder.glob(f"store/jetstream/*/streams/{EVENTS}/msgs/*"))


@asynccontextmanager
async def _connected(server: NatsServer) -> AsyncIterator[Client]:
    client = await connect(server.url, None, name="history")
    yield client
    await client.close()


async def _publish(client: Client, number: int) -> int:
    """Publish so many facts; return their bytes as the stream counts them: those without compression."""
    stream = client.jetstream(publish_async_max_pending=ON_THE_WAY)
    for fact in islice(history(4), number):
        await stream.publish_async(fact.address, fact.data, wait_stall=30.0, stream=EVENTS, headers=dict(fact.headers))
    await stream.publish_async_completed()
    state = (await stream.stream_info(EVENTS)).state
    assert state.messages == number
    return state.bytes
