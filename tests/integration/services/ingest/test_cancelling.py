"""An ingestion that takes its time: it is announced, and can be cancelled while it is in hand."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from contracts.ingest import (
    CancelIngestion,
    DatasetRejected,
    DatasetVersionRegistered,
    IngestionCancelled,
    IngestionInHand,
    ListDatasets,
    RegisterDataset,
)
from contracts.message import Event, Message
from contracts.sources import ReadSource, SourceAsked
from infra.bus import CommandRefused
from infra.bus.client import NatsBus
from infra.objects.store import objects_of
from services.ingest.app import service
from services.ingest.settings import IngestSettings
from tests.builders import shelf
from tests.builders.nats import NatsServer
from tests.builders.platform import inherited
from tests.builders.service import running

CSV = b"species,mass\nAdelie,3700\nGentoo,NA\n"


class Reading:
    """A shelf with a gate that keeps its reader waiting, and an ingest to read it."""

    def __init__(self, url: str, folder: Path) -> None:
        self.installed = folder / "installed"
        shelf.install(self.installed)
        self.gate = folder / "gate"
        self.gate.touch()
        self.scratch = folder / "scratch"
        self.books = folder / "books"
        for made in (self.scratch, self.books):
            made.mkdir()
        (self.books / "p.csv").write_bytes(CSV + b"Chinstrap,3500\n" * 200)
        self.settings = IngestSettings(
            nats_url=url,
            process="ingest",
            state_url=f"sqlite:///{folder}/ingest.db",
            objects_url=f"file://{folder}/objects",
            scratch_dir=self.scratch,
        )

    @asynccontextmanager
    async def ingest(self, **fields: Any) -> AsyncIterator[IngestSettings]:
        """Run ingest; whatever it still reads at the end comes to an end."""
        settings = self.settings.model_copy(update=fields)
        async with running(service(settings), settings):
            try:
                yield settings
            finally:
                self.gate.unlink(missing_ok=True)

    @asynccontextmanager
    async def process(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run ingest in a process of its own, and kill it."""
        fields = ("nats_url", "process", "state_url", "objects_url", "scratch_dir")
        own = {f"INGEST_{name.upper()}": str(getattr(self.settings, name)) for name in fields}
        path = os.pathsep.join((str(self.installed), str(Path(__file__).parents[4])))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "services.ingest", env={**inherited(), **own, "PYTHONPATH": path}
        )
        try:
            yield process
        finally:
            process.kill()
            await process.wait()

    def command(self, ingestion_id: str, **more: str) -> ReadSource:
        options = {"folder": str(self.books), "gate": str(self.gate), **more}
        return ReadSource(ingestion_id=ingestion_id, name="penguins", source=SourceAsked(kind="shelf", options=options))


@pytest.fixture
def reading(nats_server: NatsServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reading:
    reading = Reading(nats_server.url, tmp_path)
    monkeypatch.syspath_prepend(reading.installed)
    return reading


async def signs(bus: NatsBus, ingestion_id: str) -> AsyncGenerator[IngestionInHand, None]:
    async for sign in bus.signs(ingestion_id):
        assert isinstance(sign.message, IngestionInHand)
        yield sign.message


async def begun(bus: NatsBus, command: ReadSource) -> asyncio.Task[Event]:
    """Send a command, and return what will be its answer once something is read."""
    order = asyncio.create_task(bus.order(command, DatasetVersionRegistered, DatasetRejected, seconds=30))
    async with aclosing(signs(bus, command.ingestion_id)) as heard:
        async for sign in heard:
            if sign.bytes:
                break
    return order


async def cancelled(bus: NatsBus, ingestion_id: str) -> Event:
    return await bus.order(CancelIngestion(ingestion_id=ingestion_id), IngestionCancelled, seconds=10)


async def refusal_of(order: Any) -> str:
    with pytest.raises(CommandRefused) as refused:
        await order
    return refused.value.refusal.reason


async def test_what_is_in_hand_is_announced_with_what_was_read(bus: NatsBus, reading: Reading) -> None:
    async with reading.ingest():
        order = await begun(bus, reading.command("one"))
        async with aclosing(signs(bus, "one")) as heard:
            sign = await anext(heard)
        size = (reading.books / "p.csv").stat().st_size
        assert (sign.name, sign.phase, sign.bytes, sign.total_bytes) == ("penguins", "reading", shelf.PIECE, size)
        assert sign.seconds > 0
        reading.gate.unlink()
        assert isinstance(await order, DatasetVersionRegistered)


async def test_a_cancelled_ingestion_stops_and_leaves_nothing(bus: NatsBus, reading: Reading) -> None:
    async with reading.ingest():
        order = await begun(bus, reading.command("one"))
        assert list(reading.scratch.iterdir()) != []
        fact = await cancelled(bus, "one")
        assert await refusal_of(order) == "Cancelled"
        assert list(reading.scratch.iterdir()) == []
        assert (await bus.ask(ListDatasets())).datasets == ()
        assert await cancelled(bus, "one") == fact
        objects_of(reading.settings).create("uploads/p.csv", [CSV])
        next_one = RegisterDataset(ingestion_id="two", name="penguins", upload="uploads/p.csv", filename="p.csv")
        assert isinstance(await bus.order(next_one, DatasetVersionRegistered), DatasetVersionRegistered)


async def test_what_is_over_or_not_in_hand_is_not_cancelled(bus: NatsBus, reading: Reading) -> None:
    reading.gate.unlink()
    async with reading.ingest():
        await bus.order(reading.command("one"), DatasetVersionRegistered)
        assert await refusal_of(cancelled(bus, "one")) == "AlreadyAnswered"
        assert await refusal_of(cancelled(bus, "other")) == "NothingInHand"


async def test_what_was_cancelled_does_not_begin_again_in_a_process_that_knows_it_from_the_stream_only(
    bus: NatsBus, reading: Reading
) -> None:
    async with reading.ingest():
        order = await begun(bus, reading.command("one"))
        await cancelled(bus, "one")
        assert await refusal_of(order) == "Cancelled"
    reading.gate.touch()  # whoever reads now does not come to an end
    async with reading.ingest(state_url=f"sqlite:///{reading.scratch}/another.db"):
        again: Message = reading.command("one")
        assert isinstance(again, ReadSource)
        assert await refusal_of(bus.order(again, DatasetVersionRegistered, seconds=10)) == "Cancelled"


async def test_what_was_cancelled_in_a_process_that_was_killed_is_not_read_by_the_next_one(
    bus: NatsBus, reading: Reading
) -> None:
    async with reading.process():
        order = await begun(bus, reading.command("one", deaf="yes"))
        await cancelled(bus, "one")
        assert not order.done()  # the reader waits for its next piece, and has not heard of it
    async with reading.process():
        assert await refusal_of(order) == "Cancelled"
    assert reading.gate.exists()


async def test_what_a_killed_process_had_in_hand_is_read_by_the_next_one(bus: NatsBus, reading: Reading) -> None:
    async with reading.process():
        order = await begun(bus, reading.command("one"))
    reading.gate.unlink()
    async with reading.process():
        assert isinstance(await order, DatasetVersionRegistered)
