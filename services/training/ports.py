"""What training needs from outside."""

from collections.abc import Callable, Iterable
from typing import Protocol

SilentFor = Callable[[], float]
"""Returns how many seconds ago any worker gave a sign of life."""


class Plans(Protocol):
    """Where plans are kept for workers to read."""

    def create(self, key: str, chunks: Iterable[bytes]) -> bool:
        """Store bytes under ``key`` if it is free; return whether it was."""
