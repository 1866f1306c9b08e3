"""Headers that were made to hurt their reader."""

import pytest

from infra.bus.wary import harmless


@pytest.mark.parametrize(
    ("block", "left"),
    [
        (b"NATS/1.0\r\nce-id: 1\r\n\r\n", b"NATS/1.0\r\nce-id: 1\r\n\r\n"),
        (b"NATS/1.0 503 \xff\xfe\r\nce-id: 1\r\n\r\n", b"NATS/1.0\r\nce-id: 1\r\n\r\n"),
        (b"NATS/1.0\r\nStatus: 404\r\n STATUS : 1\r\nce-id: 1\r\n\r\n", b"NATS/1.0\r\nce-id: 1\r\n\r\n"),
        (b"NATS/1.0 503\r\n\r\n", b""),
        (b"NATS/1.0", b""),
        (b"", b""),
    ],
)
def test_only_the_sender_s_own_words_are_left(block: bytes, left: bytes) -> None:
    assert harmless(block) == left
