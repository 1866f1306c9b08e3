"""Two versions of a message on one bus: who says the older one is understood, and a newer one is told apart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from contracts.message import Message
from contracts.streams import COMMANDS, DEAD, EVENTS
from infra.bus import Handler
from infra.bus.broker import build_broker, subscribe
from infra.bus.client import NatsBus
from infra.bus.connection import Complaints, connect
from infra.bus.consumer import Consumer
from infra.bus.envelope import Outgoing, Sealer
from infra.bus.facts_first import FactsFirst
from infra.bus.streams import durable_config
from infra.clock import utc_now
from infra.service import Service
from infra.settings import ProcessSettings
from infra.telemetry import Telemetry
from tests.builders.nats import NatsServer
from tests.builders.versioned import BOTH_VERSIONS, Measure, Measured, MeasuredV1, MeasureV1

OLD = MeasuredV1(thing_id="thing-1", seconds=1.5)
NEW = Measured(thing_id="thing-2", milliseconds=2500)


@asynccontextmanager
async def a_role(server: NatsServer, heard: asyncio.Queue[Message]) -> AsyncIterator[NatsBus]:
    """Obey ``Measure`` and hear ``Measured`` in their newest versions, as any role does; yield a bus that reads so."""

    def measure(command: Measure) -> list[Message]:
        return [Measured(thing_id=command.thing_id, milliseconds=command.milliseconds)]

    def hear(fact: Measured) -> list[Message]:
        loop.call_soon_threadsafe(heard.put_nowait, fact)
        return []

    loop = asyncio.get_running_loop()
    service = Service("training-worker", handlers={Measure: Handler(measure), Measured: Handler(hear)})
    telemetry = Telemetry("test")
    settings = ProcessSettings(nats_url=server.url, process="test")
    broker = build_broker(settings, asyncio.Event(), Complaints(on_denied=lambda: None))
    client = await broker.connect()
    for stream, durable, kind in ((COMMANDS, "test-commands", Measure), (EVENTS, "test-facts", Measured)):
        await client.jetstream().add_consumer(stream, durable_config(durable, (kind,), pending=1))
    bus = NatsBus(client, "test", telemetry, BOTH_VERSIONS)
    consumer = Consumer(service, bus, Sealer("test", utc_now), None, telemetry, FactsFirst(client, "training-worker"))
    subscribe(broker, ((COMMANDS, "test-commands"), (EVENTS, "test-facts")), "test", consumer.receive)
    await broker.start()
    try:
        yield bus
    finally:
        await broker.stop()


async def test_both_versions_of_a_fact_are_heard_as_the_newest_in_the_order_in_which_they_were_said(
    bus: NatsBus, nats_server: NatsServer
) -> None:
    heard: asyncio.Queue[Message] = asyncio.Queue()
    async with a_role(nats_server, heard) as role:
        for fact in (OLD, NEW, OLD):
            await bus.publish(fact)
        async with asyncio.timeout(20):
            assert [await heard.get() for _ in range(3)] == [OLD.upcast(), NEW, OLD.upcast()]
        told = [fact async for fact in role.facts(Measured, stop_when_idle=True)]
    assert [fact.message for fact in told] == [OLD.upcast(), NEW, OLD.upcast()]
    kept = [fact.envelope.type for fact in told]
    assert kept == [OLD.subject, NEW.subject, OLD.subject], "the stream keeps what was said"


async def test_who_orders_in_the_older_version_is_obeyed_and_answered(bus: NatsBus, nats_server: NatsServer) -> None:
    async with a_role(nats_server, asyncio.Queue()) as role:
        answer = await role.order(MeasureV1(thing_id="thing-1", seconds=1.5), Measured)
        assert answer == Measured(thing_id="thing-1", milliseconds=1500)


async def test_a_version_that_is_newer_than_the_release_is_a_dead_letter_with_the_reason(
    bus: NatsBus, nats_server: NatsServer
) -> None:
    heard: asyncio.Queue[Message] = asyncio.Queue()
    newer = Sealer("test", utc_now).first(NEW)
    address = "evt.test.thing.measured.v3.thing-2"
    async with a_role(nats_server, heard) as role:
        dead = await role._client.jetstream().subscribe("dead.test-facts.>", stream=DEAD, ordered_consumer=True)
        await bus.send(Outgoing(address, b'{"thing_id": "thing-2", "nanoseconds": 1}', newer.headers))
        letter = await dead.next_msg(timeout=20)
        await bus.publish(OLD)
        async with asyncio.timeout(20):
            assert await heard.get() == OLD.upcast(), "what comes after it is heard"
    assert letter.subject == f"dead.test-facts.{address}"
    assert (letter.headers or {})["trackside-dead-reason"] == (
        "it is version 3 of Measured, and this release reads versions up to 2: "
        "a newer release said it, so run that or a later one"
    )


async def test_a_durable_of_an_earlier_release_hears_every_version_from_where_it_stands(
    bus: NatsBus, nats_server: NatsServer
) -> None:
    client = await connect(nats_server.url, None, name="test")
    stream, needed = client.jetstream(), durable_config("test-facts", (Measured,), pending=1)
    await stream.add_consumer(EVENTS, needed.evolve(filter_subjects=[f"{OLD.subject}.*"]))
    for fact in (OLD, OLD, NEW):
        await bus.publish(fact)
    facts = await stream.pull_subscribe_bind(consumer="test-facts", stream=EVENTS)
    await (await facts.fetch(1))[0].ack_sync()
    info = await stream.add_consumer(EVENTS, needed)
    assert info.num_pending == 2
    said = []
    for _ in range(2):
        [raw] = await facts.fetch(1)
        said.append(raw.subject)
        await raw.ack_sync()
    assert said == [OLD.address, NEW.address]
    await client.close()
