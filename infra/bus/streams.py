"""The one provisioner: it owns streams and consumers, services never declare.

EVENTS keeps facts, COMMANDS is a work queue, SCHEDULES holds message schedules, DEAD what could not be handled. Each
role has one durable for its commands and one for its facts; the latter delivers one fact at a time, in stream order, so
that a service's state is what its facts say, in the order in which they were said (ADR 0002).
"""

from pathlib import Path

from nats.aio.client import Client
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from contracts.catalog import HEARS, commands_of, facts_of
from contracts.message import Message
from contracts.streams import COMMANDS, DEAD, EVENTS, SCHEDULES, command_durable, fact_durable
from infra.bus.connection import connect

ACK_WAIT = 5.0
"""Seconds without a sign of life after which a message is given to another; signs come three times as often."""

_DUPLICATE_WINDOW = 1800.0
_SHARED_ROLES = {"training-worker"}

_STREAMS = (
    StreamConfig(
        name=EVENTS,
        subjects=["evt.>"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        duplicate_window=_DUPLICATE_WINDOW,
    ),
    StreamConfig(
        name=COMMANDS,
        subjects=["cmd.>"],
        retention=RetentionPolicy.WORK_QUEUE,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        duplicate_window=_DUPLICATE_WINDOW,
    ),
    StreamConfig(
        name=SCHEDULES,
        subjects=["sched.>"],
        storage=StorageType.FILE,
        allow_msg_schedules=True,
        allow_msg_ttl=True,
    ),
    # Read by subject: a publisher asks for the reason of its own.
    StreamConfig(name=DEAD, subjects=["dead.>"], storage=StorageType.FILE, allow_direct=True),
)


async def provision(url: str, seed_file: Path | None = None) -> None:
    """Make every stream and consumer as this release needs it; what is there already is brought up to date."""
    client = await connect(url, seed_file, name="provisioner")
    try:
        await provision_with(client)
    finally:
        await client.close()


async def provision_with(client: Client) -> None:
    """Provision over a connection that is there."""
    stream = client.jetstream(timeout=30)
    for config in _STREAMS:
        await _put_stream(stream, config)
    for role in HEARS:
        if commands := commands_of(role):
            pending = 256 if role in _SHARED_ROLES else 1
            await stream.add_consumer(COMMANDS, _consumer(command_durable(role), commands, pending))
        if facts := facts_of(role):
            await stream.add_consumer(EVENTS, _consumer(fact_durable(role), facts, 1))


async def _put_stream(stream: JetStreamContext, config: StreamConfig) -> None:
    try:
        await stream.stream_info(config.name or "")
    except NotFoundError:
        await stream.add_stream(config)
    else:
        await stream.update_stream(config)


def _consumer(name: str, messages: tuple[type[Message], ...], pending: int) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=name,
        name=name,
        filter_subjects=[f"{message.subject}.*" for message in messages],
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT,
        # The handler's side counts deliveries: it knows which error deserves how many, and writes the dead letter.
        max_deliver=-1,
        max_ack_pending=pending,
    )
