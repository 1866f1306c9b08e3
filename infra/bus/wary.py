"""A client that outsiders cannot hurt by the headers of what they send."""

from nats.aio.client import Client

_DELIVERED = b"$JS.ACK."
_BEGINS = b"NATS/1.0"
_OF_THE_SERVER = {b"status", b"description"}
"""What only nats-server says, in messages that it makes itself; those are not acknowledged."""


class WaryClient(Client):
    """nats-py's client, with the headers and the subject of what a stream delivers made harmless before it reads them.

    It would end its reading, and with it a whole process's, over a subject or a first line that is not UTF-8; and take
    a sender's header Status for nats-server's own, pass over the message, and have it come again for ever.
    """

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes | None) -> None:
        if reply.startswith(_DELIVERED):
            subject = subject.decode(errors="replace").encode()
            headers = harmless(headers) if headers else None
        await super()._process_msg(sid, subject, reply, data, headers)  # type: ignore[arg-type]  # None is its own


def harmless(block: bytes) -> bytes:
    r"""Return a block of headers without what only nats-server says; empty if nothing is left.

    >>> harmless(b"NATS/1.0 503 \xff\r\nStatus: 404\r\nce-id: 1\r\n\r\n")
    b'NATS/1.0\r\nce-id: 1\r\n\r\n'
    """
    _, *lines = block.split(b"\r\n")
    kept = [line for line in lines if line and line.partition(b":")[0].strip().lower() not in _OF_THE_SERVER]
    return b"\r\n".join([_BEGINS, *kept, b"", b""]) if kept else b""
