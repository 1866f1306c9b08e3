"""Compressed files, read as what is in them."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pyarrow as pa

from services.ingest.domain.content import HEAD, Codec, codec_of
from services.ingest.domain.file_errors import DamagedCompression, GrowsTooMuch
from services.ingest.sources import File

_BLOCK = 1024 * 1024
_TIMES = 200
"""A file may grow so much; tables seldom grow by more than 20."""
_HARMLESS = 256 * 1024 * 1024
"""Bytes that a file may grow to however small it is."""


def decompressed(file: File) -> File:
    """Return ``file`` as it was before it was compressed, under the same name; its first chunk tells the format.

    Reading it to the end raises a Refusal if it is cut short, damaged, or would fill the disk.

    Raises:
        EmptyFile, UnlikeItsName: if it is not compressed as its name says.
    """
    file = _begun(file)
    codec = codec_of(file.name, next(file.open(), b""))
    return file if codec is None else _begun(replace(file, size=None, open=lambda: _unpacked(file, codec)))


def _begun(file: File) -> File:
    """Return a file whose first chunk is long enough to tell the format from, however its bytes come in."""

    def chunks() -> Iterator[bytes]:
        rest = filter(None, file.open())
        head = b""
        while len(head) < HEAD and (chunk := next(rest, b"")):
            head += chunk
        if head:
            yield head
        yield from rest

    return replace(file, open=chunks)


def _unpacked(file: File, codec: Codec) -> Iterator[bytes]:
    packed = _Readable(file.open())
    grown = 0
    try:
        with pa.CompressedInputStream(pa.PythonFile(packed, mode="r"), codec) as stream:
            while block := stream.read(_BLOCK):
                grown += len(block)
                if grown > max(_HARMLESS, _TIMES * packed.taken):
                    raise GrowsTooMuch(file.name, _TIMES)
                yield block
    except (pa.ArrowException, OSError) as error:
        if packed.failed:
            raise
        raise DamagedCompression(file.name, str(error).splitlines()[0]) from None


class _Readable(io.RawIOBase):
    """Chunks as a file."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.taken = 0
        self.failed = False
        """Whether it was the chunks that could not be had."""
        self._chunks = iter(chunks)
        self._held = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if not self._held:
            self._held = memoryview(self._next())
            self.taken += len(self._held)
        count = min(len(buffer), len(self._held))
        buffer[:count] = self._held[:count]
        self._held = self._held[count:]
        return count

    def _next(self) -> bytes:
        try:
            return next(filter(None, self._chunks), b"")
        except BaseException:
            self.failed = True
            raise
