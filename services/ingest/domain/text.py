"""Bytes of any encoding that is read, as UTF-8 without a mark."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator

from services.ingest.domain.errors import MixedEncodings, UnreadableEncoding

Recoding = Callable[[Iterable[bytes]], Iterator[bytes]]

_MARKED = (  # the longest mark first: that of UTF-32 begins as that of UTF-16 does
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


class NotUtf8(ValueError):
    """Bytes that are not UTF-8, by the place of the first."""

    def __init__(self, line: int, byte: int) -> None:
        self.line = line
        self.byte = byte
        super().__init__(line, byte)


def encoding_of(head: bytes) -> str:
    """Return the encoding that a file's mark states; UTF-8 if it has none."""
    return next((encoding for mark, encoding in _MARKED if head.startswith(mark)), "utf-8-sig")


def checked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield UTF-8 as it came, without its mark.

    Raises:
        NotUtf8: at the first byte that is not.
    """
    first = True
    for chunk, _ in _decoded(chunks, "utf-8"):
        yield chunk.removeprefix(codecs.BOM_UTF8) if first else chunk
        first = False


def recoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Yield text of another encoding as UTF-8.

    Raises:
        UnreadableEncoding: at the first byte that is no text in ``encoding``.
    """
    try:
        for _, text in _decoded(chunks, encoding):
            yield text.encode()
    except NotUtf8 as fault:
        raise UnreadableEncoding(encoding.upper(), fault.line, fault.byte) from None


def western(chunks: Iterable[bytes], fault: NotUtf8) -> Iterator[bytes]:
    """Yield Windows-1252 as UTF-8, where ``fault`` tells why it is not UTF-8 already.

    Raises:
        MixedEncodings: if some of the text is UTF-8 all the same.
        UnreadableEncoding: at a byte that means nothing in either.
    """

    def watched() -> Iterator[bytes]:
        tail = b""
        for chunk in chunks:
            if _UTF8_SEQUENCE.search(tail + chunk):
                raise MixedEncodings(fault.line, fault.byte)
            tail = chunk[-3:]
            yield chunk

    return recoded(watched(), "cp1252")


def _decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[tuple[bytes, str]]:
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    for chunk in _and_end(chunks):
        pending = decoder.getstate()[0]
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            read = (pending + chunk)[: error.start]
            raise NotUtf8(line + read.count(b"\n"), error.object[error.start]) from None
        line += text.count("\n")
        yield chunk, text


def _and_end(chunks: Iterable[bytes]) -> Iterator[bytes]:
    yield from filter(None, chunks)
    yield b""
