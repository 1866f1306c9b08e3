"""An independent count of a delimited file's records, so that no reader need be believed."""

import re

import numpy as np
import numpy.typing as npt

_NEWLINE = ord("\n")
_RETURN = ord("\r")
_QUOTE = ord('"')
_CLOSED = -1
_MANY = 1_000
"""Quotes in a block from which on arrays are faster than a loop."""

_Bytes = npt.NDArray[np.uint8]
_Places = npt.NDArray[np.intp]
_BLANK = re.compile(rb"\n(?=\n)")


class Records:
    """Counts records block by block, as the reader's rules say where quotes open and close.

    A quote opens a value only at the value's start; within a quoted value, two quotes are one. Line ends outside quotes
    become newlines on the way, so that files with mixed ones can be read.
    """

    def __init__(self, delimiter: str, *, blank_lines_count: bool) -> None:
        """In a file of one column a blank line is a missing value; elsewhere it is nothing: ``blank_lines_count``."""
        self._opens_after = {_NEWLINE, ord(delimiter)}
        self._blank_lines_count = blank_lines_count
        self._quoted = False
        self._before = _NEWLINE
        """The last byte outside quotes; ``_CLOSED`` right after a closing quote."""
        self._held = b""
        self._line = 1
        self._opened = 1
        self._count = 0

    @property
    def unclosed(self) -> int | None:
        """The line on which a value opened that is still open."""
        return self._opened if self._quoted else None

    @property
    def count(self) -> int:
        """Records so far, the header included."""
        return self._count + (self._before != _NEWLINE or self._quoted)

    def feed(self, block: bytes) -> bytes:
        """Count the records in the next block, and return it with even line ends."""
        block = self._held + block
        # The line end may continue in the next block.
        self._held = b"\r" if block.endswith(b"\r") else b""
        return self._read(block[: len(block) - len(self._held)])

    def finish(self) -> bytes:
        """Return what was held back at the end of the last block."""
        held, self._held = self._held, b""
        return self._read(held)

    def _read(self, block: bytes) -> bytes:
        if block.count(b'"') < _MANY:
            return self._by_part(block)
        data = np.frombuffer(block, np.uint8)
        quotes = np.flatnonzero(data == _QUOTE)
        if not self._alternate(data, quotes) or not self._outside_quotes(data, quotes, _RETURN).all():
            return self._by_part(block)
        if b"\r" in block:
            return self._read(block.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        self._at_once(data, quotes)
        return block

    def _alternate(self, data: _Bytes, quotes: _Places) -> bool:
        """Whether each quote in turn opens and closes, so that none is a stray one within a value."""
        opening = quotes[int(self._quoted) :: 2]
        before = data[opening - 1].astype(np.int16)
        before[before == _QUOTE] = _CLOSED  # if quotes alternate, one right before an opening one has just closed
        if len(opening) and opening[0] == 0:
            before[0] = self._before
        return bool(np.isin(before, [*self._opens_after, _CLOSED]).all())

    def _outside_quotes(self, data: _Bytes, quotes: _Places, byte: int) -> npt.NDArray[np.bool_]:
        """Tell for each place of ``byte`` whether it lies outside quotes, when quotes alternate."""
        outside: npt.NDArray[np.bool_] = (np.searchsorted(quotes, np.flatnonzero(data == byte)) + self._quoted) % 2 == 0
        return outside

    def _at_once(self, data: _Bytes, quotes: _Places) -> None:
        """Count a block whose quotes alternate: the usual case, in a fraction of the time."""
        ends = np.flatnonzero(data == _NEWLINE)
        ending = ends[self._outside_quotes(data, quotes, _NEWLINE)]
        self._count += len(ending)
        if len(ending) and not self._blank_lines_count:
            before = data[ending - 1].astype(np.int16)
            if ending[0] == 0:
                before[0] = self._before
            self._count -= int((before == _NEWLINE).sum())
        self._quoted = bool((len(quotes) + self._quoted) % 2)
        if self._quoted:
            self._opened = self._line + int(np.searchsorted(ends, quotes[-1]))
        else:
            self._before = _CLOSED if data[-1] == _QUOTE else int(data[-1])
        self._line += len(ends)

    def _by_part(self, block: bytes) -> bytes:
        parts = block.split(b'"')
        for index, part in enumerate(parts):
            if index:
                self._quote()
            if part:
                parts[index] = self._inside(part) if self._quoted else self._outside(part)
        return b'"'.join(parts)

    def _quote(self) -> None:
        if self._quoted:
            self._quoted, self._before = False, _CLOSED
        elif self._before == _CLOSED or self._before in self._opens_after:
            self._quoted = True
            self._opened = self._line
        else:
            self._before = _QUOTE

    def _inside(self, part: bytes) -> bytes:
        self._line += part.count(b"\n")
        return part

    def _outside(self, part: bytes) -> bytes:
        if b"\r" in part:
            part = part.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        ends = part.count(b"\n")
        self._line += ends
        self._count += ends
        if ends and not self._blank_lines_count:
            self._count -= len(_BLANK.findall(part)) + (self._before == _NEWLINE and part[0] == _NEWLINE)
        self._before = part[-1]
        return part
