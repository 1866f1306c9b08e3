"""What an outside publisher sent, as the message that goes on in its name; or the reason why it does not."""

import json
import re
from collections.abc import Mapping

from nats.aio.msg import Msg

from contracts.catalog import class_of
from contracts.errors import MalformedMessage
from contracts.ids import derived
from contracts.publishers import PublisherAdded
from contracts.streams import outside_durable
from infra.bus.deadletter import ORIGINAL, REASON, one_line
from infra.bus.envelope import MESSAGE_ID, Outgoing, forwarded, opened

_STRUCTURED = "application/cloudevents+json"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,128}")


def admitted(card: PublisherAdded, raw: Msg) -> Outgoing:
    """Return the message that goes on to the command's owner.

    Its source is the publisher's name, whatever it said, and its id is made of both: no publisher can speak as another,
    or take another's id. What follows from it carries the id that the publisher gave, as its correlation.

    Raises:
        MalformedMessage: naming what does not meet the contract.
    """
    address = raw.subject.removeprefix(f"in.{card.name}.")
    headers, data = _binary(address, raw)
    kind = class_of(address)
    if kind.__name__ not in card.may:
        raise MalformedMessage(
            address, f"{card.name} may not send {kind.__name__}; its card names {', '.join(card.may)}"
        )
    message = kind.parse(data)
    if message.address != address:
        raise MalformedMessage(address, f"{kind.keyed_by} is {message.key!r}, and the subject ends in another key")
    return forwarded(message, opened(address, headers), card.name)


def refused(card: PublisherAdded, raw: Msg, reason: str) -> Outgoing:
    """Return the dead letter of what does not go on: the publisher may read it under the id that it gave."""
    found = {name.lower(): value for name, value in (raw.headers or {}).items()}
    given = found.get("ce-id", "")
    token = given if _TOKEN.fullmatch(given) else f"sequence-{raw.metadata.sequence.stream}"
    headers = {
        **_printable(raw.headers or {}),
        MESSAGE_ID: derived("dead", card.name, raw.metadata.sequence.stream, raw.metadata.timestamp.isoformat()),
        REASON: one_line(reason),
        ORIGINAL: raw.subject,
    }
    return Outgoing(f"dead.{outside_durable(card.name)}.{token}", raw.data, headers)


def _binary(address: str, raw: Msg) -> tuple[Mapping[str, str], bytes]:
    """Return headers and data in the binary mode of CloudEvents; the structured mode carries both in the data."""
    headers = raw.headers or {}
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    if not kind.startswith(_STRUCTURED):
        return headers, raw.data
    try:
        event = json.loads(raw.data)
        attributes = {f"ce-{name}": str(value) for name, value in event.items() if name != "data"}
        return attributes, json.dumps(event["data"]).encode()
    except (ValueError, AttributeError, KeyError, RecursionError):
        raise MalformedMessage(address, "the body is no CloudEvent in JSON with its message in data") from None


def _printable(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that can be sent again; what came may hold anything."""
    return {name: one_line(value) for name, value in headers.items() if _TOKEN.fullmatch(name) and name != MESSAGE_ID}
