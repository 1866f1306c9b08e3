"""An independent count of the rows in an Arrow file, from the lengths that its messages state.

The library takes the end of the bytes for the end of a stream, and reads no second stream behind the first. So a file
that was cut between two batches, or two that were joined, would lose rows in silence; here they are found.
"""

import struct
from pathlib import Path
from typing import BinaryIO

MAGIC = b"ARROW1"
"""What a file begins and ends with; a stream does not."""

_PADDED = 8
_CONTINUES = 0xFFFFFFFF
_RECORD_BATCH = 3
_HEADER_TYPE, _HEADER, _BODY_LENGTH, _ROWS = 1, 2, 3, 0


class CutShort(ValueError):
    """The bytes end before the table does, or go on after it."""


def counted(path: Path) -> int:
    """Return how many rows the messages of an Arrow file or stream say that they hold.

    Raises:
        CutShort: if it does not end as it should.
    """
    with path.open("rb") as file:
        whole = file.read(_PADDED).startswith(MAGIC)
        file.seek(_PADDED if whole else 0)
        rows = 0
        while metadata := _metadata(file):
            message = _Table(metadata, *struct.unpack_from("<I", metadata))
            if message.number(_HEADER_TYPE, "<B") == _RECORD_BATCH:
                rows += message.table(_HEADER).number(_ROWS, "<q")
            file.seek(message.number(_BODY_LENGTH, "<q"), 1)
        rest = file.read()
        if (_footer(rest) if whole else 0) != len(rest):
            raise CutShort("it does not end as it should: it was cut, or several files were joined")
        return rows


def _footer(rest: bytes) -> int:
    """Return how long a file's end says that it is."""
    tail = len(MAGIC) + 4
    return tail + int(struct.unpack_from("<i", rest, len(rest) - tail)[0]) if len(rest) >= tail else -1


def _metadata(file: BinaryIO) -> bytes:
    prefix = file.read(8)
    if len(prefix) < 8:
        raise CutShort("it ends before its end mark, so rows may be missing")
    mark, length = struct.unpack("<II", prefix)
    if mark != _CONTINUES:
        raise CutShort("a message does not begin as it should; it may have been written before Arrow 0.15")
    metadata = file.read(length)
    if len(metadata) < length:
        raise CutShort("it ends within a message")
    return metadata


class _Table:
    """A table of FlatBuffers, which the metadata of messages is written in."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at

    def number(self, field: int, form: str) -> int:
        place = self._place(field)
        return int(struct.unpack_from(form, self._data, place)[0]) if place else 0

    def table(self, field: int) -> "_Table":
        place = self._place(field)
        return _Table(self._data, place + self._read("<I", place))

    def _place(self, field: int) -> int:
        """Return where a field lies; 0 if it has its default."""
        fields = self._at - self._read("<i", self._at)
        if 4 + 2 * field >= self._read("<H", fields):
            return 0
        offset = self._read("<H", fields + 4 + 2 * field)
        return self._at + offset if offset else 0

    def _read(self, form: str, place: int) -> int:
        try:
            return int(struct.unpack_from(form, self._data, place)[0])
        except struct.error:
            raise CutShort("a message is damaged") from None
