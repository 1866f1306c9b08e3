"""A message with its envelope, and the headers that carry one: CloudEvents 1.0 in binary mode, W3C trace context."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from contracts.errors import MalformedMessage
from contracts.ids import derived
from contracts.message import Alarm, Command, Message
from infra.bus import Envelope
from infra.clock import Clock
from infra.telemetry import current_traceparent

CONTENT_TYPE = "application/json"
MESSAGE_ID = "Nats-Msg-Id"

_CORRELATION = "trackside-correlation-id"
_CAUSATION = "trackside-causation-id"
_ROOT = "trackside-root"

_RUNG_FOR = "1h"
"""How long an alarm that rang is kept for whoever hears it: what is due is known without it."""


@dataclass(frozen=True)
class Outgoing:
    """A message ready to be sent: where to, what, and under which id."""

    address: str
    data: bytes
    headers: Mapping[str, str]


class Sealer:
    """Puts the messages of one process into envelopes."""

    def __init__(self, source: str, clock: Clock) -> None:
        """Seal in the name of the process ``source``."""
        self._source = source
        self._clock = clock

    def first(self, message: Message) -> Outgoing:
        """Return ``message`` as the beginning of a story of its own."""
        trace = current_traceparent()
        message_id = str(uuid4())
        return self._sealed(message, message_id, message_id, None, trace, trace)

    def following(self, cause: Envelope, messages: list[Message]) -> list[Outgoing]:
        """Return ``messages`` as what follows from ``cause``: the same cause and messages give the same ids.

        A fact hangs in the trace below the work that stated it; a command below the root of its story, or a race would
        be drawn as a chain as deep as it has fits. An alarm begins a story of its own when it rings.
        """
        return [
            self._follows(cause, message, derived(cause.id, message.subject, ordinal))
            for ordinal, message in enumerate(messages)
        ]

    def _follows(self, cause: Envelope, message: Message, message_id: str) -> Outgoing:
        if isinstance(message, Alarm):
            return self._sealed(message, message_id, message_id, cause.id, None, None)
        here = current_traceparent()
        trace = (cause.root or here) if isinstance(message, Command) else here
        return self._sealed(message, message_id, cause.correlation_id, cause.id, trace, cause.root or here)

    def _sealed(
        self, message: Message, message_id: str, story: str, cause: str | None, trace: str | None, root: str | None
    ) -> Outgoing:
        headers = {
            "ce-specversion": "1.0",
            "ce-id": message_id,
            "ce-type": message.subject,
            "ce-source": self._source,
            "ce-time": self._clock().isoformat(),
            "ce-subject": message.key,
            "content-type": CONTENT_TYPE,
            MESSAGE_ID: message_id,
            _CORRELATION: story,
            _CAUSATION: cause,
            "traceparent": trace,
            _ROOT: root,
        }
        if isinstance(message, Alarm):
            headers |= _scheduled(message)
        return Outgoing(
            message.armed if isinstance(message, Alarm) else message.address,
            message.model_dump_json().encode(),
            {name: value for name, value in headers.items() if value is not None},
        )


def _scheduled(alarm: Alarm) -> dict[str, str]:
    """Return what has nats-server keep an alarm, and say it when it is due: once, as the messages before it."""
    return {
        "Nats-Schedule": f"@at {alarm.due.astimezone(UTC).isoformat(timespec='milliseconds').replace('+00:00', 'Z')}",
        "Nats-Schedule-Target": alarm.address,
        "Nats-Schedule-TTL": _RUNG_FOR,
    }


def forwarded(message: Message, envelope: Envelope, source: str) -> Outgoing:
    """Return what came from outside as a message of ``source``: the id it had there is the one of its story."""
    headers = {
        "ce-specversion": "1.0",
        "ce-id": derived("outside", source, envelope.id),
        "ce-type": message.subject,
        "ce-source": source,
        "ce-time": envelope.time.isoformat(),
        "ce-subject": message.key,
        "content-type": CONTENT_TYPE,
        MESSAGE_ID: derived("outside", source, envelope.id),
        _CORRELATION: envelope.id,
    }
    if envelope.traceparent:
        headers["traceparent"] = envelope.traceparent
    return Outgoing(message.address, message.model_dump_json().encode(), headers)


def opened(address: str, headers: Mapping[str, str] | None) -> Envelope:
    """Return the envelope that ``headers`` describe.

    An outside publisher needs only ``ce-id`` (or ``Nats-Msg-Id``), ``ce-source`` and ``ce-time``.

    Raises:
        MalformedMessage: naming the header that is missing or cannot be read.
    """
    found = {name.lower(): value for name, value in (headers or {}).items()}
    message_id = found.get("ce-id") or found.get(MESSAGE_ID.lower())
    if not message_id:
        raise MalformedMessage(address, "header ce-id is missing")
    try:
        time = datetime.fromisoformat(found.get("ce-time", ""))
    except ValueError:
        raise MalformedMessage(address, "header ce-time must be an RFC 3339 time") from None
    if "ce-source" not in found:
        raise MalformedMessage(address, "header ce-source is missing")
    trace = found.get("traceparent")
    return Envelope(
        id=message_id,
        type=found.get("ce-type", address.rpartition(".")[0]),
        source=found["ce-source"],
        time=time,
        correlation_id=found.get(_CORRELATION, message_id),
        causation_id=found.get(_CAUSATION),
        traceparent=trace,
        root=found.get(_ROOT, trace),
    )
