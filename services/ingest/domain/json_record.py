"""A line of JSON as a record, or why it is none."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any

from services.ingest.domain.observed import Literal

Record = dict[str, Any]

_BLANK = b" \t\r\n"
_DEEPEST = 100
"""Lists and objects within each other at most."""


class NotARecord(ValueError):
    """A line holds no record; its text continues "line 7 ..."."""


class _Repeated(ValueError):
    """A key occurs twice in an object."""


def record_of(line: bytes, decoder: json.JSONDecoder) -> Record:
    """Return the object that a line holds; NaN is a missing value.

    Raises:
        NotARecord: saying why it holds none.
    """
    try:
        record = decoder.decode(line.decode())
        if b"\\u" in line:
            json.dumps(record, ensure_ascii=False).encode()
    except _Repeated as fault:
        raise NotARecord(f"has the key {fault} twice") from None
    except json.JSONDecodeError as fault:
        raise NotARecord(f"is not JSON: {fault.msg} at character {fault.colno}") from None
    except UnicodeDecodeError as fault:
        raise NotARecord(f"is not UTF-8: byte {fault.start + 1} is 0x{line[fault.start]:02x}") from None
    except UnicodeEncodeError:
        raise NotARecord("holds half of a character, a surrogate without its other half") from None
    except RecursionError:
        raise NotARecord(f"is nested more than {_DEEPEST} deep") from None
    except ValueError:  # the standard library reads no integer of more than 4,300 digits
        raise NotARecord("holds an integer of thousands of digits") from None
    if type(record) is not dict:
        raise NotARecord("holds no object with keys and values")
    if line.count(b"[") + line.count(b"{") > _DEEPEST and _is_deep(record):
        raise NotARecord(f"is nested more than {_DEEPEST} deep")
    return record


def decoder(*, as_written: bool) -> json.JSONDecoder:
    """Return what reads JSON; numbers remember how they were written if that matters: slower, ``as_written``."""
    number = Literal if as_written else float
    return json.JSONDecoder(
        object_pairs_hook=_unique,
        parse_constant=lambda name: None if name == "NaN" else number(name),
        parse_float=number if as_written else None,
    )


class Lines:
    """Counts the lines that hold something, block by block, so that no reader need be believed."""

    def __init__(self) -> None:
        self._count = 0
        self._open = False
        """Whether the last line so far holds something."""

    @property
    def count(self) -> int:
        """Lines so far that hold more than blanks."""
        return self._count + self._open

    def feed(self, block: bytes) -> bytes:
        """Count the lines in the next block, and return it."""
        first, *others = block.split(b"\n")
        self._open |= bool(first.strip(_BLANK))
        if others:
            *whole, last = others
            self._count += self._open + sum(1 for line in whole if line.strip(_BLANK))
            self._open = bool(last.strip(_BLANK))
        return block


def is_blank(line: bytes) -> bool:
    """Return whether a line holds nothing."""
    return not line.strip(_BLANK)


def _unique(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) < len(pairs):
        ((key, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise _Repeated(key)
    return record


def _is_deep(value: Any) -> bool:
    level: list[Any] = [value]
    for _ in range(_DEEPEST):
        level = [item for outer in level if isinstance(outer, list | dict) for item in _items(outer)]
    return bool(level)


def _items(outer: list[Any] | Record) -> Iterable[Any]:
    return outer.values() if isinstance(outer, dict) else outer
