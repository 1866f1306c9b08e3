"""The postman: each fact at least once, in order, signed, whatever the receiver does."""

import asyncio
import base64
import json
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import pytest
import pytest_asyncio
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from nats.js.errors import NotFoundError

from contracts.streams import EVENTS
from contracts.webhooks import Delivery, WebhookAdded, WebhookRemoved, WebhookReplayed
from infra.bus.client import NatsBus, connect
from infra.bus.connection import connect as connect_client
from infra.bus.door import DoorFiles
from infra.bus.postman import Postman
from infra.bus.signature import SigningKey
from infra.bus.streams import provision
from infra.state import State, StateUnavailable
from infra.tasks import ended
from infra.telemetry import Telemetry
from services.ingest.hooks import DeliveryLedger, HookStore
from services.ingest.store import METADATA
from tests.builders.asking import eventually
from tests.builders.guarded import Guarded, guarded
from tests.builders.messages import a_dataset_version

KEY = SigningKey.new()


class Receiver:
    """An HTTP server that answers as its mood is, and keeps what it was sent and has answered with 204."""

    def __init__(self, seed: int = 0) -> None:
        self.taken: list[dict[str, object]] = []
        self.forged = 0
        self.asked = 0
        self.moody = False
        self.port = 0
        self._random = random.Random(seed)
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def sequences(self) -> list[int]:
        return [int(str(event["sequence"])) for event in self.taken]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head.split("\r\n")[1:]) if name
        }
        body = await reader.readexactly(int(headers["content-length"]))
        self.asked += 1
        answer = await self._judge(headers, body)
        if answer:
            writer.write(f"HTTP/1.1 {answer} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
            await writer.drain()
        writer.close()

    async def _judge(self, headers: dict[str, str], body: bytes) -> int:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        version, _, signature = headers["webhook-signature"].partition(",")
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(KEY.public.removeprefix("whpk_")))
        try:
            public.verify(base64.b64decode(signature), signed)
        except InvalidSignature:
            self.forged += 1
            return 401
        mood = self._random.random() if self.moody else 1.0
        if mood < 0.2:
            return 500
        if mood < 0.3:
            return 0  # hangs up
        if mood < 0.4:
            await asyncio.sleep(0.05)
        assert version == "v1a"
        self.taken.append(json.loads(body))
        return 204


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Guarded]:
    with guarded(tmp_path / "home") as running:
        yield running


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State(f"sqlite:///{tmp_path}/ingest.db", METADATA)
    yield state
    state.close()


@pytest_asyncio.fixture
async def ingest(server: Guarded) -> AsyncIterator[NatsBus]:
    await provision(server.url, server.home.seed("provisioner"))
    bus = await connect(server.url, server.home.seed("ingest"), "ingest", Telemetry("ingest"))
    yield bus
    await bus.close()


@pytest_asyncio.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    await receiver.start()
    yield receiver
    await receiver.stop()


@asynccontextmanager
async def postman(server: Guarded, bus: NatsBus, state: State) -> AsyncIterator[None]:
    running = Postman(server.url, DoorFiles(server.home.door).seed, KEY, DeliveryLedger(state), first_pause=0.01)
    task = asyncio.create_task(running.run(bus))
    yield
    await ended(task, patience=1)


def a_webhook(receiver: Receiver) -> WebhookAdded:
    return WebhookAdded(
        name="board",
        url=receiver.url,
        hears=("DatasetVersionRegistered",),
        public_key=KEY.public,
        added_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


async def tell(bus: NatsBus, numbers: range) -> None:
    for number in numbers:
        await bus.publish(a_dataset_version(ingestion_id=f"ing-{number}"))


async def until_taken(receiver: Receiver, count: int) -> None:
    async def taken() -> bool:
        return len(receiver.taken) >= count

    await eventually(taken, seconds=60)


def history(state: State) -> list[Delivery]:
    with state.transaction() as transaction:
        return HookStore(transaction).deliveries("board")


async def test_each_fact_is_told_once_in_order_with_a_signature(
    server: Guarded, ingest: NatsBus, state: State, receiver: Receiver
) -> None:
    await tell(ingest, range(3))  # before the webhook: not told
    await ingest.publish(a_webhook(receiver))
    async with postman(server, ingest, state):
        await tell(ingest, range(3, 13))
        await until_taken(receiver, 10)

        async def noted() -> bool:
            return len(history(state)) == 10

        await eventually(noted)
    assert [event["subject"] for event in receiver.taken] == [f"ing-{number}" for number in range(3, 13)]
    assert receiver.taken[0]["type"] == "evt.ingest.dataset.registered.v1"
    assert receiver.forged == 0
    assert [(d.attempts, d.status, d.problem) for d in history(state)] == [(1, 204, None)] * 10


async def test_a_receiver_that_fails_hangs_up_and_is_away_gets_everything_in_order(
    server: Guarded, ingest: NatsBus, state: State, receiver: Receiver
) -> None:
    receiver.moody = True
    await ingest.publish(a_webhook(receiver))
    async with postman(server, ingest, state):
        await tell(ingest, range(30))
        await until_taken(receiver, 5)
        await receiver.stop()

        async def noticed() -> bool:
            return bool(history(state)) and (history(state)[0].problem or "").startswith("no answer")

        await eventually(noticed)
        await receiver.start()
        await until_taken(receiver, 30)
    assert receiver.asked > 30
    assert receiver.sequences() == sorted(receiver.sequences())
    assert list(dict.fromkeys(event["subject"] for event in receiver.taken)) == [f"ing-{n}" for n in range(30)]


async def test_a_postman_that_comes_back_goes_on_where_it_was_and_counts_on(
    server: Guarded, ingest: NatsBus, state: State, receiver: Receiver
) -> None:
    await ingest.publish(a_webhook(receiver))
    async with postman(server, ingest, state):
        await tell(ingest, range(2))
        await until_taken(receiver, 2)
        await receiver.stop()
        await tell(ingest, range(2, 4))

        async def tried() -> bool:
            return history(state)[0].problem is not None

        await eventually(tried)
    before = history(state)[0].attempts
    await receiver.start()
    async with postman(server, ingest, state):
        await until_taken(receiver, 4)

        async def noted() -> bool:
            return len(history(state)) == 4 and history(state)[0].problem is None

        await eventually(noted)
    assert [event["subject"] for event in receiver.taken] == ["ing-0", "ing-1", "ing-2", "ing-3"]
    assert history(state)[1].attempts > before


async def test_a_webhook_of_a_release_that_knew_other_versions_is_told_those_that_this_one_knows(
    server: Guarded, ingest: NatsBus, state: State, receiver: Receiver
) -> None:
    await ingest.publish(a_webhook(receiver))
    door = await connect_client(server.url, DoorFiles(server.home.door).seed, name="door")
    stream = door.jetstream()

    async def begun() -> bool:
        with suppress(NotFoundError):
            return bool(await stream.consumer_info(EVENTS, "hook-board"))
        return False

    async with postman(server, ingest, state):
        await eventually(begun)
    before = (await stream.consumer_info(EVENTS, "hook-board")).config
    other = before.evolve(filter_subject=None, filter_subjects=["evt.ingest.dataset.registered.v9.*"])
    await stream.add_consumer(EVENTS, other)
    await door.close()
    async with postman(server, ingest, state):
        await tell(ingest, range(2))
        await until_taken(receiver, 2)
    assert [event["subject"] for event in receiver.taken] == ["ing-0", "ing-1"]


async def test_a_webhook_is_told_again_from_where_one_says_and_no_more_once_removed(
    server: Guarded, ingest: NatsBus, state: State, receiver: Receiver
) -> None:
    await tell(ingest, range(3))
    await ingest.publish(a_webhook(receiver))
    async with postman(server, ingest, state):
        await tell(ingest, range(3, 5))
        await until_taken(receiver, 2)
        await ingest.publish(WebhookReplayed(name="board", from_sequence=1))
        await until_taken(receiver, 7)
        assert [event["subject"] for event in receiver.taken[2:]] == [f"ing-{number}" for number in range(5)]
        await ingest.publish(WebhookRemoved(name="board"))
        door = await server.connected("door")

        async def gone() -> bool:
            with suppress(NotFoundError):
                await door.jetstream().consumer_info("EVENTS", "hook-board")
                return False
            return True

        await eventually(gone)
        await door.close()
    assert len(receiver.taken) == 7


async def test_a_history_that_cannot_be_written_for_a_while_stops_no_webhook(
    server: Guarded, ingest: NatsBus, state: State, receiver: Receiver
) -> None:
    class Failing(DeliveryLedger):
        errors: ClassVar[list[Exception]] = [StateUnavailable("locked"), ValueError("a bug")]

        def attempts(self, webhook: str, sequence: int) -> int:
            if self.errors:
                raise self.errors.pop()
            return super().attempts(webhook, sequence)

    await ingest.publish(a_webhook(receiver))
    running = Postman(server.url, DoorFiles(server.home.door).seed, KEY, Failing(state), first_pause=0.01)
    task = asyncio.create_task(running.run(ingest))
    await tell(ingest, range(1))
    await until_taken(receiver, 1)
    await ended(task, patience=1)
    assert not Failing.errors
