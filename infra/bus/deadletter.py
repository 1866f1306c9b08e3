"""Dead letters: what could not be handled, with the reason and the original, bytes and headers as they came."""

from nats.aio.msg import Msg

from infra.bus.envelope import MESSAGE_ID, Outgoing

REASON = "trackside-dead-reason"
ORIGINAL = "trackside-dead-subject"


def dead_letter(raw: Msg, reason: str) -> Outgoing:
    """Return the dead letter of a delivery: one for each consumer that gave up on it."""
    metadata = raw.metadata
    identity = f"dead-{metadata.stream}-{metadata.consumer}-{metadata.sequence.stream}"
    headers = {
        **(raw.headers or {}),
        MESSAGE_ID: identity,
        REASON: one_line(reason),
        ORIGINAL: raw.subject,
    }
    return Outgoing(f"dead.{metadata.consumer}.{raw.subject}", raw.data, headers)


def one_line(text: str) -> str:
    """Return ``text`` as a header can carry it: without the ends of lines, and not long."""
    return text.replace("\r", " ").replace("\n", " ")[:1000]
