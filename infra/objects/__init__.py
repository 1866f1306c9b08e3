"""Bytes by name: one port, with a folder, memory or an S3 store behind it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from contracts.errors import TracksideError, Unavailable


class ObjectMissing(TracksideError):
    """No object has this key."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(f"no object {key}")


class ObjectDamaged(TracksideError):
    """An object's bytes do not have the digest that its fact states."""

    def __init__(self, key: str, expected: str, found: str) -> None:
        self.key = key
        self.expected = expected
        self.found = found
        super().__init__(f"object {key} has digest {found}, expected {expected}")


class ObjectsUnavailable(Unavailable):
    """The store does not answer, or is full."""


class ObjectsFull(ObjectsUnavailable):
    """There is no room left for an object; nothing of it was kept, and with more room it can be stored."""

    def __init__(self, where: str) -> None:
        super().__init__(f"No space is left {where}. Make room there, then try again: nothing was stored by halves.")


@dataclass(frozen=True)
class Stored:
    """Where bytes came to lie, and what they are."""

    key: str
    digest: str
    """SHA-256, in hexadecimal."""
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An object as the store lists it."""

    key: str
    size: int
    """Bytes."""
    written_at: datetime


class Objects(Protocol):
    """A store of immutable objects. Writes are streamed and atomic: an object is whole or absent."""

    def put(self, prefix: str, chunks: Iterable[bytes], suffix: str = "") -> Stored:
        """Store bytes under ``<prefix>/<their sha-256><suffix>``.

        Storing the same bytes again changes nothing but, after some hours, when they were written: whoever removes old
        objects that nothing names yet sees that these are about to be named.
        """

    def put_file(self, prefix: str, path: Path, suffix: str = "") -> Stored:
        """Store a file's bytes, as ``put`` does."""

    def create(self, key: str, chunks: Iterable[bytes]) -> bool:
        """Store bytes under ``key`` if it is free; return whether it was. The first writer wins, however many race."""

    def read(self, key: str) -> bytes:
        """Return a small object whole; raise ObjectMissing if there is none."""

    def stream(self, key: str) -> Iterator[bytes]:
        """Yield an object's bytes in pieces; raise ObjectMissing if there is none."""

    def part(self, key: str, start: int, length: int) -> bytes:
        """Return ``length`` bytes of an object from ``start``, or what is left of it; raise as ``read`` does."""

    def size(self, key: str) -> int:
        """Return how many bytes an object has; raise ObjectMissing if there is none."""

    def fetch(self, key: str, digest: str, path: Path) -> None:
        """Write an object to ``path`` atomically; raise ObjectDamaged if its SHA-256 is not ``digest``."""

    def delete(self, key: str) -> None:
        """Remove an object; a missing one is no error."""

    def keys(self, prefix: str) -> list[str]:
        """Return the keys below ``prefix``, sorted."""

    def listing(self, prefix: str) -> Iterator[Listed]:
        """Yield every object below ``prefix``, in any order."""
