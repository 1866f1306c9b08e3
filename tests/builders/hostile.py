"""What a hostile publisher sends: real commands, the same spoilt in every way that we know, and junk; seeded."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from contracts.identities import ORDERS
from contracts.ingest import RegisterDataset
from contracts.message import Command
from contracts.scheduler import RemoveTrigger, SetTrigger
from contracts.serving import DeployModelVersion
from contracts.training import CancelExperiment
from tests.builders.messages import a_start_experiment, a_template

MAY = tuple(command.__name__ for command in ORDERS)
"""Every command that a publisher can be let to send."""
_AGAIN_AFTER = 40
"""Events between one and its repetition."""


class Fate(Enum):
    """What is to become of an event."""

    GOES_ON = "goes on"
    DIES = "dies"
    EITHER = "goes on or dies"
    SWALLOWED = "is known already"


@dataclass(frozen=True)
class HostileEvent:
    """One event, before and after it was spoilt."""

    kind: str
    fate: Fate
    key: str
    address: bytes
    """Without the publisher's prefix."""
    body: Any
    headers: Mapping[str, str]
    data: bytes | None = None
    """The body's bytes; of ``body`` if None."""
    block: bytes | None = None
    """The headers' bytes; of ``headers`` if None."""
    after: str | None = None
    """Key of an event that is to be sent before this one."""

    @property
    def token(self) -> str:
        """Return the last part of its subject, by which its end is found."""
        return self.address.rpartition(b".")[2].decode(errors="replace")

    def sent(self, publisher: str) -> tuple[bytes, bytes, bytes]:
        """Return subject, headers and body as they go over the wire."""
        lines = [f"{name}: {value}".encode("utf-8", "surrogatepass") for name, value in self.headers.items()]
        block = b"\r\n".join([b"NATS/1.0", *lines, b"", b""]) if self.block is None else self.block
        data = json.dumps(self.body).encode() if self.data is None else self.data
        return b"in." + publisher.encode() + b"." + self.address, block, data


_Spoiling = Callable[[HostileEvent, Random, Any], HostileEvent]


def hostile_events(count: int, number: int) -> Iterator[HostileEvent]:
    """Return ``count`` events, the same ones for the same ``number``; each has its own key, save what comes again."""
    return _events(count, Random(number), _junk(number))  # the junk takes seconds, and is there before the first event


def _events(count: int, random: Random, junk: list[Any]) -> Iterator[HostileEvent]:
    good: list[HostileEvent] = []
    for index in range(count):
        event = _real(random, f"h{index}")
        if random.random() < 0.05 and len(good) > _AGAIN_AFTER:
            yield _again(random.choice(good[-10 * _AGAIN_AFTER : -_AGAIN_AFTER]), event, random)
            continue
        kind, fate, spoil = random.choice(_KINDS)
        event = replace(spoil(event, random, random.choice(junk)), kind=kind, fate=fate)
        if fate is Fate.GOES_ON:
            good.append(event)
        yield event


def _real(random: Random, key: str) -> HostileEvent:
    command = _command(random, key)
    headers = {"ce-id": f"id-{key}", "ce-source": "hostile", "ce-time": "2026-01-01T00:00:00Z"}
    return HostileEvent(
        "real", Fate.GOES_ON, key, command.address.encode(), command.model_dump(mode="json"), headers
    )  # fmt: skip


def _command(random: Random, key: str) -> Command:
    return random.choice(
        (
            lambda: RegisterDataset(ingestion_id=key, name="hostile", upload=f"uploads/{key}", filename="h.csv"),
            lambda: a_start_experiment(experiment_id=key),
            lambda: CancelExperiment(experiment_id=key),
            lambda: SetTrigger(trigger_id=key, dataset="hostile", template=a_template()),
            lambda: RemoveTrigger(trigger_id=key),
            lambda: DeployModelVersion(deployment_id=key, name="hostile", model="m"),
        )
    )()


def _again(earlier: HostileEvent, fresh: HostileEvent, random: Random) -> HostileEvent:
    """Return an earlier event once more, or its id on another one."""
    if random.random() < 0.5:
        return replace(earlier, kind="sent again", after=earlier.key)
    headers = {**fresh.headers, "ce-id": f"id-{earlier.key}"}
    return replace(fresh, kind="id of another", fate=Fate.SWALLOWED, headers=headers, after=earlier.key)


def _junk(number: int) -> list[Any]:
    """Return values that hypothesis thinks of."""
    found: list[Any] = []
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40)
    tree = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=10), inner))

    @seed(number)
    @settings(
        max_examples=500, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=[*HealthCheck]
    )
    @given(tree)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


def _field(event: HostileEvent, random: Random, value: Any) -> HostileEvent:
    return replace(event, body={**event.body, random.choice([*event.body]): value})


def _bytes(event: HostileEvent) -> bytes:
    return json.dumps(event.body).encode()


def _flipped(event: HostileEvent, random: Random, _: Any) -> HostileEvent:
    data = bytearray(_bytes(event))
    for _ in range(random.randint(1, 4)):
        data[random.randrange(len(data))] = random.randrange(256)
    return replace(event, data=bytes(data))


def _truncated(event: HostileEvent, random: Random, _: Any) -> HostileEvent:
    data = _bytes(event)
    return replace(event, data=data[: random.randrange(len(data))])


def _without_field(event: HostileEvent, random: Random, _: Any) -> HostileEvent:
    gone = random.choice([name for name in event.body if name.endswith("_id")])
    return replace(event, body={name: value for name, value in event.body.items() if name != gone})


def _headed(**more: str | None) -> _Spoiling:
    """Return what sets headers, ``_`` for ``-``, and takes away those that are None."""

    def spoil(event: HostileEvent, _random: Random, _junk: Any) -> HostileEvent:
        headers = {**event.headers, **{name.replace("_", "-"): value for name, value in more.items()}}
        return replace(event, headers={name: value for name, value in headers.items() if value is not None})

    return spoil


def _blocked(block: bytes) -> _Spoiling:
    return lambda event, _random, _junk: replace(event, block=block.replace(b"KEY", event.key.encode()))


def _bodied(data: bytes) -> _Spoiling:
    return lambda event, _random, _junk: replace(event, data=data)


def _structured(event: HostileEvent, **attributes: Any) -> HostileEvent:
    whole = {"specversion": "1.0", "id": f"id-{event.key}", "source": "/hostile", "type": "t",
             "time": "2026-01-01T00:00:00Z", "data": event.body, **attributes}  # fmt: skip
    return replace(event, body=whole, headers={"content-type": "application/cloudevents+json"})


def _addressed(event: HostileEvent, ending: bytes) -> HostileEvent:
    """Return an event on a subject whose key is not the body's."""
    return replace(event, address=event.address + ending)


_GOOD_BLOCK = b"ce-id: id-KEY\r\nce-source: h\r\nce-time: 2026-01-01T00:00:00Z\r\n"
_KINDS: list[tuple[str, Fate, _Spoiling]] = [
    ("real", Fate.GOES_ON, lambda event, *_: event),
    ("real with an id for nats-server", Fate.GOES_ON, lambda e, *_: _headed(Nats_Msg_Id=f"id-{e.key}")(e, *_)),
    ("structured", Fate.GOES_ON, lambda event, *_: _structured(event)),
    ("a broken trace", Fate.GOES_ON, _headed(traceparent="00-broken")),
    ("a header Status", Fate.GOES_ON, _headed(Status="404", Description="No Messages")),
    ("a header Status 503", Fate.GOES_ON, _headed(Status="503")),
    ("a header Status 100", Fate.GOES_ON, _headed(Status="100")),
    ("a status that is no text", Fate.GOES_ON, _blocked(b"NATS/1.0 \xff\xfe\xff\r\n" + _GOOD_BLOCK + b"\r\n")),
    ("a status in line", Fate.GOES_ON, _blocked(b"NATS/1.0 404 Gone\r\n" + _GOOD_BLOCK + b"\r\n")),
    (
        "a header of bytes",
        Fate.GOES_ON,
        _blocked(b"NATS/1.0\r\n" + _GOOD_BLOCK + b"x: \xff\xfe\x00\r\n\xff: y\r\n\r\n"),
    ),
    ("a tracestate of 20 KB", Fate.GOES_ON, _headed(tracestate="x" * 20_000)),
    ("truncated", Fate.DIES, _truncated),
    ("a body that is no text", Fate.DIES, _bodied(b'{"a": "\xff\xfe"}')),
    ("no body", Fate.DIES, _bodied(b"")),
    ("deep nesting", Fate.DIES, _bodied(b"[" * 30_000)),
    ("deep and closed", Fate.DIES, _bodied(b'{"a":' * 9_000 + b"1" + b"}" * 9_000)),
    (
        "a deep field",
        Fate.DIES,
        lambda e, *_: replace(e, data=_bytes(e)[:-1] + b', "x": ' + b"[" * 900 + b"]" * 900 + b"}"),
    ),
    ("a huge number", Fate.DIES, lambda e, *_: replace(e, data=_bytes(e)[:-1] + b', "x": ' + b"9" * 20_000 + b"}")),
    (
        "a field too much",
        Fate.DIES,
        lambda event, _, junk: replace(event, body={**event.body, "more\x00\n": repr(junk)}),
    ),
    ("a field of junk", Fate.EITHER, _field),
    ("a field left out", Fate.DIES, _without_field),
    ("junk", Fate.DIES, lambda event, _, junk: replace(event, body=junk)),
    ("flipped bytes", Fate.EITHER, _flipped),
    ("another key", Fate.DIES, lambda event, *_: _addressed(event, b"-other")),
    ("a key that is no text", Fate.DIES, lambda event, *_: _addressed(event, b"\xff")),
    ("no headers", Fate.DIES, _blocked(b"")),
    ("headers without an end", Fate.DIES, _blocked(b"NATS/1.0\r\nce-id")),
    ("a status and nothing else", Fate.DIES, _blocked(b"NATS/1.0 503\r\n\r\n")),
    ("no id", Fate.DIES, _headed(ce_id=None)),
    ("an id of 20 KB", Fate.DIES, _headed(ce_id="x" * 20_000)),
    ("no source", Fate.DIES, _headed(ce_source=None)),
    ("no time", Fate.DIES, _headed(ce_time="yesterday")),
    ("an order to nats-server", Fate.DIES, _headed(ce_id=None, Nats_Expected_Stream="IN_hostile")),
    ("structured without data", Fate.DIES, lambda event, *_: replace(_structured(event), body={"id": "x"})),
    ("structured junk", Fate.DIES, lambda event, _, junk: replace(_structured(event), body=junk)),
    ("structured with an id that is no text", Fate.DIES, lambda event, *_: _structured(event, id="\ud800")),
    ("structured with lines in its id", Fate.DIES, lambda event, *_: _structured(event, id="a\r\nNats-Rollup: all")),
    ("structured with a deep id", Fate.DIES, lambda event, *_: _structured(event, id=[["x" * 100] * 10] * 10)),
]
