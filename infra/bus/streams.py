"""The one provisioner: it owns streams and consumers, services never declare.

EVENTS keeps facts, COMMANDS is a work queue, SCHEDULES holds alarms, DEAD what could not be handled. Each role has one
durable for its commands, one for those that cannot wait for another (ADR 0033), one for its facts and one for its
alarms. That of its facts delivers one fact at a time, in stream order, so that a service's state is what its facts say,
in the order in which they were said (ADR 0002).
"""

from pathlib import Path
from typing import Any

from nats.aio.client import Client
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StoreCompression,
    StreamConfig,
)
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from contracts.catalog import HEARS, alarms_of, commands_of, facts_of, urgent_of
from contracts.message import Message
from contracts.streams import (
    COMMANDS,
    DEAD,
    EVENTS,
    SCHEDULES,
    STREAMS,
    Stream,
    alarm_durable,
    command_durable,
    fact_durable,
    urgent_durable,
)
from contracts.subjects import stem_of
from infra.bus.connection import connect

ACK_WAIT = 5.0
"""Seconds without a sign of life after which a message is given to another; signs come three times as often."""

DEAD_BYTES = 512 * 1024**2
"""Bytes of dead letters that are kept: with more, the oldest go, so that whoever sends junk cannot fill the disk. It is
set aside in nats-server, whose max_file_store has to be larger."""

_DUPLICATE_WINDOW = 1800.0
_SHARED_ROLES = {"training-worker"}

# What is said of a stream beyond its contract.
_OWN: dict[str, dict[str, Any]] = {
    # Facts are kept, and resemble each other. A block is compressed once it is full: whoever publishes does not wait.
    EVENTS: {"duplicate_window": _DUPLICATE_WINDOW, "compression": StoreCompression.S2},
    COMMANDS: {"duplicate_window": _DUPLICATE_WINDOW, "discard": DiscardPolicy.NEW},
    SCHEDULES: {"allow_msg_schedules": True, "allow_msg_ttl": True},
    # Read by subject: a publisher asks for the reason of its own.
    DEAD: {"allow_direct": True, "max_bytes": DEAD_BYTES, "discard": DiscardPolicy.OLD},
}


async def provision(
    url: str,
    seed_file: Path | None = None,
    replicas: int = 1,
    *,
    ca_file: Path | None = None,
    seconds: float = 30.0,
) -> None:
    """Make every stream and consumer as this release needs it; what is there already is brought up to date.

    In a cluster, ``replicas`` servers keep each stream. ``seconds`` is how long each answer is waited for.
    """
    client = await connect(url, seed_file, name="provisioner", ca_file=ca_file)
    try:
        await provision_with(client, replicas, seconds)
    finally:
        await client.close()


async def provision_with(client: Client, replicas: int = 1, seconds: float = 30.0) -> None:
    """Provision over a connection that is there."""
    stream = client.jetstream(timeout=seconds)
    for config in needed_streams():
        await _put_stream(stream, config.evolve(num_replicas=replicas))
    for name, durable in needed_durables():
        await stream.add_consumer(name, durable)


def needed_streams() -> list[StreamConfig]:
    """Return every stream of the platform's own, as this release needs it."""
    return [_stream(kept) for kept in STREAMS]


def needed_durables() -> list[tuple[str, ConsumerConfig]]:
    """Return every durable of the platform's own with its stream's name, as this release needs it."""
    needed = []
    for role in HEARS:
        if commands := commands_of(role):
            pending = 256 if role in _SHARED_ROLES else 1
            needed.append((COMMANDS, durable_config(command_durable(role), commands, pending)))
        if urgent := urgent_of(role):
            needed.append((COMMANDS, durable_config(urgent_durable(role), urgent, 1)))
        if facts := facts_of(role):
            needed.append((EVENTS, durable_config(fact_durable(role), facts, 1)))
        if alarms := alarms_of(role):
            needed.append((SCHEDULES, durable_config(alarm_durable(role), alarms, 1)))
    return needed


def _stream(kept: Stream) -> StreamConfig:
    return StreamConfig(
        name=kept.name,
        subjects=[*kept.subjects],
        retention=RetentionPolicy(kept.retention),
        storage=StorageType.FILE,
        **_OWN[kept.name],
    )


async def _put_stream(stream: JetStreamContext, config: StreamConfig) -> None:
    try:
        await stream.stream_info(config.name or "")
    except NotFoundError:
        await stream.add_stream(config)
    else:
        await stream.update_stream(config)


def durable_config(name: str, messages: tuple[type[Message], ...], pending: int) -> ConsumerConfig:
    """Return the durable that gives every version of ``messages`` to a role, ``pending`` of them at a time."""
    return ConsumerConfig(
        durable_name=name,
        name=name,
        # Of every version: one that this release cannot read becomes a dead letter, and is not passed over.
        filter_subjects=[f"{stem_of(message)}.*.*" for message in messages],
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT,
        # The handler's side counts deliveries: it knows which error deserves how many, and writes the dead letter.
        max_deliver=-1,
        max_ack_pending=pending,
    )
