from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.errors import MixedEncodings, UnreadableEncoding
from services.ingest.domain.text import NotUtf8, checked, encoding_of, recoded, western


def blocks(data: bytes, size: int) -> Iterator[bytes]:
    return (data[i : i + size] for i in range(0, len(data), size))


@given(st.text(), st.integers(1, 5), st.sampled_from(["utf-16", "utf-32"]))
def test_text_survives_its_encoding(text: str, size: int, encoding: str) -> None:
    text = "a" + text  # no table begins with a NUL, which would make the marks alike
    data = text.encode(encoding)
    assert encoding_of(data) == encoding
    assert b"".join(recoded(blocks(data, size), encoding)) == text.encode()


@given(st.text(), st.integers(3, 7))
def test_utf8_passes_as_it_is(text: str, size: int) -> None:
    data = text.encode()
    assert b"".join(checked(blocks(data, size))) == data.removeprefix(b"\xef\xbb\xbf")


@pytest.mark.parametrize("size", [3, 4, 100])
def test_a_mark_is_dropped(size: int) -> None:
    assert b"".join(checked(blocks(b"\xef\xbb\xbfa,b", size))) == b"a,b"


@pytest.mark.parametrize("size", [1, 3, 100])
def test_the_first_foreign_byte_is_told_by_its_line(size: int) -> None:
    with pytest.raises(NotUtf8) as fault:
        list(checked(blocks(b"a\n\xc3\xbc\n\xe9b\n", size)))
    assert (fault.value.line, fault.value.byte) == (3, 0xE9)


def test_text_that_breaks_off_within_a_letter_is_told() -> None:
    with pytest.raises(NotUtf8):
        list(checked([b"a\n\xc3"]))


@pytest.mark.parametrize("size", [1, 2, 100])
def test_western_text_is_recoded_unless_some_of_it_is_utf8(size: int) -> None:
    fault = NotUtf8(1, 0xE9)
    assert b"".join(western(blocks("é€".encode("cp1252"), size), fault)) == "é€".encode()
    with pytest.raises(MixedEncodings, match="line 1 holds the byte 0xe9"):
        list(western(blocks("é".encode("cp1252") + b" " + "ü".encode(), size), fault))


def test_a_byte_that_means_nothing_is_told() -> None:
    with pytest.raises(UnreadableEncoding, match="line 2 holds the byte 0x81"):
        list(western([b"a\n\x81"], NotUtf8(2, 0x81)))
