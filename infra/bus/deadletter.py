"""Dead letters: what could not be handled, with the reason and the original, bytes and headers as they came."""

from collections.abc import Mapping

from nats.aio.msg import Msg

from infra.bus.envelope import MESSAGE_ID, Outgoing

REASON = "trackside-dead-reason"
ORIGINAL = "trackside-dead-subject"

_ORDERS = ("nats-", "status", "description")


def dead_letter(raw: Msg, reason: str) -> Outgoing:
    """Return the dead letter of a delivery: one for each consumer that gave up on it."""
    metadata = raw.metadata
    identity = f"dead-{metadata.stream}-{metadata.consumer}-{metadata.sequence.stream}"
    headers = {
        **kept(raw.headers),
        MESSAGE_ID: identity,
        REASON: one_line(reason),
        ORIGINAL: raw.subject,
    }
    return Outgoing(f"dead.{metadata.consumer}.{raw.subject}", raw.data, headers)


def kept(headers: Mapping[str, str] | None) -> dict[str, str]:
    """Return the headers that stay with a dead letter: not those that tell nats-server what to do with a message."""
    return {name: value for name, value in (headers or {}).items() if not name.lower().startswith(_ORDERS)}


def one_line(text: str) -> str:
    """Return ``text`` as a header can carry it: without the ends of lines, and not long."""
    return text.replace("\r", " ").replace("\n", " ")[:1000]
