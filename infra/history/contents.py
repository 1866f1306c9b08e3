"""What a part holds, said so briefly that its entry in the index can say it: who asks for one key reads few parts."""

from array import array
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections.abc import Iterable
from zlib import crc32

from infra.history import Part
from infra.history.subjects import matching


class Contents:
    """Collects what the subjects of a part's facts are."""

    def __init__(self) -> None:
        self._stems: set[str] = set()
        self._keys: set[int] = set()

    def add(self, subject: str) -> None:
        """Take in the subject of one fact."""
        stem, _, key = subject.rpartition(".")
        self._stems.add(stem)
        self._keys.add(_fingerprint(key))

    def stems(self) -> tuple[str, ...]:
        """Return the subjects without their keys, each once."""
        return tuple(sorted(self._stems))

    def keys(self) -> str:
        """Return the fingerprints of the keys, as ``Part`` has them."""
        return b64encode(array(_KIND, sorted(self._keys)).tobytes()).decode()


def may_hold(part: Part, subjects: Iterable[str]) -> bool:
    """Return whether a part can have a fact that one of ``subjects`` matches; it may say yes in error, and never no."""
    return any(_may_hold(part, *subject.rpartition(".")) for subject in subjects)


_KIND = "I"  # four bytes, low ones first, on every machine that Python 3.11 is built for


def _may_hold(part: Part, stem: str, _dot: str, key: str) -> bool:
    if key == ">":
        return True
    wanted = matching([stem])
    return any(wanted.fullmatch(found) for found in part.stems) and (key == "*" or _has(part.keys, key))


def _has(keys: str, key: str) -> bool:
    found = array(_KIND)
    found.frombytes(b64decode(keys))
    fingerprint = _fingerprint(key)
    place = bisect_left(found, fingerprint)
    return place < len(found) and found[place] == fingerprint


def _fingerprint(key: str) -> int:
    return crc32(key.encode())
