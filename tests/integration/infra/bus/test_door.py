"""The door: who is let in can do what its card says and nothing else, at its rate, and is shut out at once."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from nats.aio.client import Client
from nats.errors import Error
from nats.errors import TimeoutError as NatsTimeout
from nats.js.errors import APIError

from contracts.catalog import HEARS, MESSAGES
from contracts.identities import ORDERS, durables_of
from contracts.ingest import DatasetVersionRegistered
from contracts.message import Command
from contracts.permissions import inbox
from contracts.publishers import Limits, PublisherAdded, PublisherRevoked
from contracts.streams import COMMANDS, DEAD, EVENTS, SCHEDULES
from infra.bus.client import NatsBus, connect
from infra.bus.door import Door, DoorFiles
from infra.bus.streams import provision
from infra.local.nats import nkey
from infra.local.processes import users
from infra.tasks import ended
from infra.telemetry import Telemetry
from tests.builders.asking import eventually
from tests.builders.guarded import Guarded, guarded, settle
from tests.builders.messages import a_dataset_version

ADDRESS = "cmd.ingest.dataset.register.v1"
HEARD = ("DatasetRejected", "DatasetVersionRegistered")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Guarded]:
    with guarded(tmp_path / "home") as running:
        yield running


@pytest_asyncio.fixture
async def ingest(server: Guarded) -> AsyncIterator[NatsBus]:
    """The bus as ingest speaks on it, with the door open beside it."""
    await provision(server.url, server.home.seed("provisioner"))
    async with speaking(server) as bus, open_door(server, bus):
        yield bus


@asynccontextmanager
async def speaking(server: Guarded) -> AsyncIterator[NatsBus]:
    bus = await connect(server.url, server.home.seed("ingest"), "ingest", Telemetry("ingest"))
    yield bus
    await bus.close()


@asynccontextmanager
async def open_door(server: Guarded, bus: NatsBus) -> AsyncIterator[None]:
    door = asyncio.create_task(Door(server.url, DoorFiles(server.home.door), Telemetry("door")).run(bus))
    yield
    await ended(door, patience=1)


def a_card(server: Guarded, name: str = "acme", **fields: Any) -> PublisherAdded:
    defaults: dict[str, Any] = {
        "may": ("RegisterDataset",), "hears": HEARD, "limits": Limits(), "added_at": datetime(2026, 1, 1, tzinfo=UTC),
    }  # fmt: skip
    return PublisherAdded(name=name, nkey=nkey(server.home.seed(name)), **{**defaults, **fields})


async def let_in(server: Guarded, bus: NatsBus, card: PublisherAdded) -> Client:
    """Add a publisher, and return its connection once the door lets it in."""
    await bus.publish(card)
    client = Client()

    async def entered() -> bool:
        with suppress(Error, OSError):  # a server that reads its users again may hang up
            await client.connect(
                server.url, nkeys_seed=str(server.home.seed(card.name)), inbox_prefix=inbox(card.name),
                allow_reconnect=False, error_cb=ignore,
            )  # fmt: skip
        return client.is_connected

    await eventually(entered)
    return client


async def check_refused(server: Guarded, name: str) -> None:
    """Fail if a key is let in; nats-server says that it is not, or hangs up before it can."""
    seed = str(server.home.seed(name))
    with pytest.raises((Error, ConnectionResetError), match=r"Authorization Violation|Connection lost"):
        await Client().connect(server.url, nkeys_seed=seed, allow_reconnect=False, error_cb=ignore)


async def ignore(_: Exception) -> None:
    """Errors are asked for where they matter."""


async def send(client: Client, key: str, body: dict[str, Any] | None = None, name: str = "acme") -> None:
    content = {"ingestion_id": key, "name": "p", "upload": f"uploads/{key}", "filename": "p.csv"} | (body or {})
    headers = {"ce-id": f"id-{key}", "ce-source": name, "ce-time": "2026-01-01T00:00:00Z", "Nats-Msg-Id": f"id-{key}"}
    stream = client.jetstream(timeout=2)
    for _ in range(3):  # nats-server may lose one while it reads its users again; sent again, it is stored once
        with suppress(NatsTimeout):
            await stream.publish(f"in.{name}.{ADDRESS}.{key}", json.dumps(content).encode(), headers=headers)
            return
    raise AssertionError(f"{key} was not stored")


async def send_many(client: Client, count: int) -> None:
    for number in range(count):
        await send(client, f"k{number}")


async def commands(server: Guarded) -> int:
    client = await server.connected("provisioner")
    try:
        info = await client.jetstream(timeout=1).stream_info(COMMANDS)
    except NatsTimeout:
        return -1  # an answer may be lost while the server reads its users again
    finally:
        await client.close()
    return info.state.messages


async def test_a_command_goes_on_to_its_owner_once(server: Guarded, ingest: NatsBus) -> None:
    client = await let_in(server, ingest, a_card(server))
    await send(client, "k1")
    await send(client, "k1")
    await send(client, "k2")

    async def arrived() -> bool:
        return await commands(server) == 2

    await eventually(arrived)
    await client.close()


async def test_a_refusal_can_be_asked_for_by_its_sender_and_by_nobody_else(server: Guarded, ingest: NatsBus) -> None:
    client, other = [await let_in(server, ingest, a_card(server, name)) for name in ("acme", "other")]
    await send(client, "k1", {"folds": 10})
    subject = f"$JS.API.DIRECT.GET.{DEAD}.dead.outside-acme.id-k1"
    reasons: list[str] = []

    async def told() -> bool:
        answer = await client.request(subject, timeout=2)
        reasons.append((answer.headers or {}).get("trackside-dead-reason", ""))
        return bool(reasons[-1])

    await eventually(told)
    assert reasons[-1] == "folds: Extra inputs are not permitted"
    with pytest.raises(TimeoutError):
        await other.request(subject, timeout=0.2)
    assert await commands(server) == 0
    await client.close()
    await other.close()


async def test_a_publisher_is_denied_every_subject_that_its_card_does_not_name(
    server: Guarded, ingest: NatsBus
) -> None:
    client = await let_in(server, ingest, a_card(server))
    denied: list[str] = []

    async def on_error(error: Exception) -> None:
        denied.append(str(error).partition('"')[2].rstrip('"'))

    client._error_cb = on_error  # the library takes it only when it connects
    durables = [*(pair for role in HEARS for pair in durables_of(role)), (EVENTS, "outside-other"), ("IN_acme", "door")]
    streams = (EVENTS, COMMANDS, SCHEDULES, DEAD, "IN_acme", "IN_other")
    closed = [
        *(f"{message.subject}.k" for message in MESSAGES),
        *(f"in.acme.{order.subject}.k" for order in ORDERS if order.__name__ != "RegisterDataset"),
        *(f"in.other.{order.subject}.k" for order in ORDERS),
        *(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}" for stream, durable in durables),
        *(f"$JS.ACK.{stream}.{durable}.1.1.1.1.0" for stream, durable in durables),
        *(f"$JS.API.CONSUMER.{verb}.{stream}.mine" for stream in streams for verb in ("CREATE", "DELETE", "LIST")),
        *(f"$JS.API.STREAM.{verb}.{stream}" for stream in streams for verb in ("INFO", "DELETE", "PURGE", "MSG.GET")),
        *(f"$JS.API.DIRECT.GET.{stream}" for stream in streams),
        f"$JS.API.DIRECT.GET.{DEAD}.dead.outside-other.id", "dead.outside-acme.id", "sched.x", "progress.a.b.c.v1.k",
        "$SYS.REQ.SERVER.PING", *(f"_INBOX_{user}.x" for user in users(2)),
    ]  # fmt: skip
    for subject in closed:
        await client.publish(subject)
    deaf = [">", "evt.>", "cmd.>", "in.>", "in.acme.>", "dead.>", "$JS.>", "$SYS.>", "_INBOX.>", "_INBOX_other.>"]
    for subject in deaf:
        await client.subscribe(subject)
    await settle(client)
    assert set(denied) == {subject.lower() for subject in (*closed, *deaf)}
    await client.close()


async def test_a_publisher_of_one_command_sends_that_one_and_no_other(
    server: Guarded, ingest: NatsBus, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = {order.__name__: await sendable(server, ingest, order) for order in ORDERS}
    width = max(map(len, rows))
    with capsys.disabled():
        sys.stdout.write(f"\n{'may send':{width}}  it publishes as itself, as another, straight to the owner\n")
        for command, (own, others, straight) in rows.items():
            sys.stdout.write(f"{command:{width}}  {marks(own)}  {marks(others)}  {marks(straight)}\n")
    assert rows == {command: ({command}, set(), set()) for command in rows}


async def sendable(server: Guarded, ingest: NatsBus, order: type[Command]) -> tuple[set[str], set[str], set[str]]:
    """Let in a publisher of one command, and return which it can publish: as itself, as another, to their owners."""
    name = f"only-{order.__name__.lower()}"
    client = await let_in(server, ingest, a_card(server, name, may=(order.__name__,), hears=()))
    denied: list[str] = []

    async def on_error(error: Exception) -> None:
        denied.append(str(error).partition('"')[2].rstrip('"'))

    client._error_cb = on_error  # the library takes it only when it connects
    prefixes = (f"in.{name}.", "in.other.", "")
    for prefix in prefixes:
        for other in ORDERS:
            await client.publish(f"{prefix}{other.subject}.k")
    await settle(client)
    await client.close()
    own, others, straight = (
        {other.__name__ for other in ORDERS if f"{prefix}{other.subject}.k".lower() not in denied}
        for prefix in prefixes
    )
    return own, others, straight


def marks(allowed: set[str]) -> str:
    """Return a row of the matrix: for each command, in order, whether it goes through."""
    return "".join("x" if order.__name__ in allowed else "-" for order in ORDERS)


async def test_whoever_is_revoked_is_disconnected_at_once_and_what_it_sent_goes_on(
    server: Guarded, ingest: NatsBus
) -> None:
    client = await let_in(server, ingest, a_card(server, limits=Limits(rate=10)))
    await send_many(client, 5)
    await ingest.publish(PublisherRevoked(name="acme"))

    async def is_out() -> bool:
        return client.is_closed

    await eventually(is_out, seconds=5)
    await check_refused(server, "acme")

    async def all_gone_on() -> bool:
        return await commands(server) == 5

    await eventually(all_gone_on)
    door = await server.connected("door")

    async def forgotten() -> bool:
        with suppress(APIError):
            with suppress(NatsTimeout):
                await door.jetstream(timeout=1).stream_info("IN_acme")
            return False
        return True

    await eventually(forgotten)
    await door.close()


async def test_too_large_and_too_many_are_refused_when_they_are_sent(server: Guarded, ingest: NatsBus) -> None:
    client = await let_in(server, ingest, a_card(server, limits=Limits(rate=0.01, size=512, backlog=3)))
    with pytest.raises(APIError, match="message size exceeds maximum allowed"):
        await send(client, "large", {"filename": "x" * 600})
    with pytest.raises(APIError, match="maximum messages exceeded"):
        await send_many(client, 10)
    await client.close()


async def test_a_publisher_that_was_away_hears_all_it_missed_once_and_in_order(
    server: Guarded, ingest: NatsBus
) -> None:
    client = await let_in(server, ingest, a_card(server))
    await client.close()
    missed = [a_dataset_version(ingestion_id=f"ing-{number}") for number in range(20)]
    for fact in missed:
        await ingest.publish(fact)
    again = await server.connected("acme")
    subscription = await again.jetstream().pull_subscribe_bind(consumer="outside-acme", stream=EVENTS)
    heard: list[DatasetVersionRegistered] = []
    while len(heard) < len(missed):
        for raw in await subscription.fetch(5, timeout=2):
            heard.append(DatasetVersionRegistered.parse(raw.data))
            await raw.ack_sync()
    assert heard == missed
    with pytest.raises(TimeoutError):
        await subscription.fetch(1, timeout=0.2)
    await again.close()


async def test_a_door_that_opens_again_lets_in_who_was_let_in_and_passes_on_what_waited(server: Guarded) -> None:
    await provision(server.url, server.home.seed("provisioner"))
    async with speaking(server) as bus:
        async with open_door(server, bus):
            for name in ("acme", "gone"):
                await (await let_in(server, bus, a_card(server, name))).close()
            await bus.publish(PublisherRevoked(name="gone"))
        client = await server.connected("acme")
        await send(client, "k1")
        async with open_door(server, bus):

            async def arrived() -> bool:
                return await commands(server) == 1

            await eventually(arrived)
            await check_refused(server, "gone")
        await client.close()
