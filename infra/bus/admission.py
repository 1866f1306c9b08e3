"""What an outside publisher sent, as the message that goes on in its name; or the reason why it does not."""

import re
from collections.abc import Mapping
from dataclasses import replace

from nats.aio.msg import Msg

from contracts.catalog import SUBJECTS
from contracts.errors import MalformedMessage
from contracts.ids import derived
from contracts.publishers import PublisherAdded
from contracts.streams import outside_durable
from contracts.subjects import Subjects
from infra.bus import Envelope
from infra.bus.cloudevents import STRUCTURED, unfolded
from infra.bus.deadletter import ORIGINAL, REASON, kept, one_line
from infra.bus.envelope import MESSAGE_ID, Outgoing, forwarded, opened

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")
# It travels with all that follows, as a header: so it is short, and a header can carry it.
_ID = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,256}")
_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")


def admitted(card: PublisherAdded, raw: Msg, subjects: Subjects = SUBJECTS) -> Outgoing:
    """Return the message that goes on to the command's owner, in the newest version of ``subjects``.

    Its source is the publisher's name, whatever it said, and its id is made of both: no publisher can speak as another,
    or take another's id. What follows from it carries the id that the publisher gave, as its correlation.

    Raises:
        MalformedMessage: naming what does not meet the contract.
    """
    address = raw.subject.removeprefix(f"in.{card.name}.")
    headers, data = _binary(address, raw)
    kind = subjects.class_of(address)
    name = subjects.newest_of(kind).__name__
    if name not in card.may:
        raise MalformedMessage(address, f"{card.name} may not send {name}; its card names {', '.join(card.may)}")
    message = kind.parse(data)
    if message.address != address:
        raise MalformedMessage(address, f"{kind.keyed_by} is {message.key!r}, and the subject ends in another key")
    return forwarded(message.newest(), _trusted(address, opened(address, headers)), card.name)


def refused(card: PublisherAdded, raw: Msg, reason: str) -> Outgoing:
    """Return the dead letter of what does not go on: the publisher may read it under the id that it gave."""
    found = {name.lower(): value for name, value in (raw.headers or {}).items()}
    given = found.get("ce-id", "")
    token = given if _TOKEN.fullmatch(given) else f"sequence-{raw.metadata.sequence.stream}"
    headers = {
        **_printable(kept(raw.headers)),
        MESSAGE_ID: derived("dead", card.name, raw.metadata.sequence.stream, raw.metadata.timestamp.isoformat()),
        REASON: one_line(reason),
        ORIGINAL: raw.subject,
    }
    return Outgoing(f"dead.{outside_durable(card.name)}.{token}", raw.data, headers)


def _binary(address: str, raw: Msg) -> tuple[Mapping[str, str], bytes]:
    """Return headers and data in the binary mode of CloudEvents; the structured mode carries both in the data."""
    headers = raw.headers or {}
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    return unfolded(address, raw.data) if kind.startswith(STRUCTURED) else (headers, raw.data)


def _trusted(address: str, envelope: Envelope) -> Envelope:
    """Return an envelope whose words may travel with every message that follows; a broken trace is left behind."""
    if not _ID.fullmatch(envelope.id):
        raise MalformedMessage(address, "ce-id must have 1 to 256 characters, and no control characters")
    is_trace = _TRACEPARENT.fullmatch(envelope.traceparent or "")
    return envelope if is_trace else replace(envelope, traceparent=None)


def _printable(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that can be sent again; what came may hold anything."""
    return {name: one_line(value) for name, value in headers.items() if _TOKEN.fullmatch(name)}
