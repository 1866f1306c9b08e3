"""How the bus is: streams, durables and dead letters, seen by an identity that inspects and changes nothing."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from nats.aio.client import Client
from nats.js.api import ConsumerConfig, ConsumerInfo, StreamConfig, StreamInfo
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from contracts.streams import DEAD, arrivals
from infra.bus.deadletter import ORIGINAL, REASON
from infra.bus.streams import needed_durables, needed_streams

_STILL_SECONDS = 0.4
_TIME = "Nats-Time-Stamp"


@dataclass(frozen=True)
class StreamSeen:
    """One of the platform's own streams."""

    name: str
    there: bool
    differs: tuple[str, ...] = ()
    """Settings in which it is not as this release needs it."""
    messages: int = 0


@dataclass(frozen=True)
class DurableSeen:
    """One of the platform's own durables, and what waits in it."""

    name: str
    stream: str
    there: bool
    differs: tuple[str, ...] = ()
    lag: int = 0
    """Messages that were not delivered yet."""
    in_hand: int = 0
    """Messages that were delivered and not acknowledged yet."""
    redelivered: int = 0
    """Messages in hand that were delivered before."""
    asked_for: bool = True
    """Whether a process asks for its messages, or has some in hand."""


@dataclass(frozen=True)
class DeadSeen:
    """The last dead letter."""

    subject: str
    reason: str
    at: datetime | None


@dataclass(frozen=True)
class ArrivalsSeen:
    """What an outside publisher sent and the door has not passed on yet."""

    publisher: str
    waiting: int
    most: int
    """How many may wait; what comes above that is refused to the publisher."""


@dataclass(frozen=True)
class BusSeen:
    """All that there is to see."""

    streams: tuple[StreamSeen, ...]
    durables: tuple[DurableSeen, ...]
    dead: int
    last_dead: DeadSeen | None
    arrivals: tuple[ArrivalsSeen, ...]


async def inspect(client: Client, seconds: float) -> BusSeen:
    """Return how the bus is; each question to nats-server may take ``seconds``."""
    stream = client.jetstream(timeout=seconds)
    infos, durables = await asyncio.gather(stream.streams_info(), durables_seen(stream))
    found = {info.config.name or "": info for info in infos}
    dead = found.get(DEAD)
    return BusSeen(
        streams=tuple(_stream_seen(config, found.get(config.name or "")) for config in needed_streams()),
        durables=durables,
        dead=dead.state.messages if dead else 0,
        last_dead=await _last_dead(stream, dead.state.last_seq) if dead and dead.state.messages else None,
        arrivals=tuple(_arrivals_seen(found.values())),
    )


async def durables_seen(stream: JetStreamContext) -> tuple[DurableSeen, ...]:
    """Return every durable of the platform's own."""
    return tuple(await asyncio.gather(*(_durable_seen(stream, *needed) for needed in needed_durables())))


def differences(needed: StreamConfig | ConsumerConfig, found: StreamConfig | ConsumerConfig) -> tuple[str, ...]:
    """Return the names of the settings that ``needed`` states and ``found`` has otherwise."""
    # What is false or zero was not stated: nats-server puts its own defaults there.
    stated = [field.name for field in fields(needed) if getattr(needed, field.name)]
    return tuple(name for name in stated if _plain(getattr(needed, name)) != _plain(getattr(found, name)))


def _plain(value: Any) -> Any:
    """Return a setting's value as it can be compared: the order of a list says nothing."""
    return sorted(value) if isinstance(value, list) else value


def _stream_seen(needed: StreamConfig, info: StreamInfo | None) -> StreamSeen:
    name = needed.name or ""
    if info is None:
        return StreamSeen(name, there=False)
    return StreamSeen(name, there=True, differs=differences(needed, info.config), messages=info.state.messages)


async def _durable_seen(stream: JetStreamContext, name: str, needed: ConsumerConfig) -> DurableSeen:
    durable = needed.durable_name or ""
    try:
        info = await stream.consumer_info(name, durable)
        if not _asked_for(info):
            # Between two requests for messages there is none for a moment.
            await asyncio.sleep(_STILL_SECONDS)
            info = await stream.consumer_info(name, durable)
    except NotFoundError:
        return DurableSeen(durable, name, there=False)
    return DurableSeen(
        durable,
        name,
        there=True,
        differs=differences(needed, info.config),
        lag=info.num_pending or 0,
        in_hand=info.num_ack_pending or 0,
        redelivered=info.num_redelivered or 0,
        asked_for=_asked_for(info),
    )


def _asked_for(info: ConsumerInfo) -> bool:
    return bool(info.num_waiting or info.num_ack_pending)


async def _last_dead(stream: JetStreamContext, sequence: int) -> DeadSeen | None:
    try:
        letter = await stream.get_msg(DEAD, sequence, direct=True)
    except NotFoundError:
        return None
    headers = letter.headers or {}
    at = headers.get(_TIME)
    # To the second: nats-server writes more digits than Python reads.
    moment = datetime.fromisoformat(f"{at[:19]}+00:00") if at else None
    return DeadSeen(headers.get(ORIGINAL, letter.subject or ""), headers.get(REASON, "no reason was given"), moment)


def _arrivals_seen(infos: Iterable[StreamInfo]) -> Iterable[ArrivalsSeen]:
    prefix = arrivals("")
    for info in infos:
        if (name := info.config.name or "").startswith(prefix):
            yield ArrivalsSeen(name.removeprefix(prefix), info.state.messages, info.config.max_msgs or 0)
