"""An object as a file to read here and there in, so that who wants a little of it need not fetch all."""

import io
from typing import Protocol


class Parts(Protocol):
    """What is needed of a store."""

    def part(self, key: str, start: int, length: int) -> bytes:
        """Return ``length`` bytes of an object from ``start``, or what is left of it."""

    def size(self, key: str) -> int:
        """Return how many bytes an object has."""


class ObjectFile(io.RawIOBase):
    """The bytes of one object; each read asks the store for just these, and raises what the store raises."""

    def __init__(self, objects: Parts, key: str) -> None:
        """Look how long the object is; raise ObjectMissing if there is none."""
        super().__init__()
        self._objects = objects
        self._key = key
        self._size = objects.size(key)
        self._place = 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def seekable(self) -> bool:
        """Return that reading can go on anywhere."""
        return True

    def tell(self) -> int:
        """Return where reading goes on."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go on reading elsewhere."""
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(begin + offset, 0)
        return self._place

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes; none at the end."""
        left = max(self._size - self._place, 0)
        wanted = left if size < 0 else min(size, left)
        piece = self._objects.part(self._key, self._place, wanted) if wanted else b""
        self._place += len(piece)
        return piece
