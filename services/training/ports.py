"""What training needs from outside."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from contracts.training import Plan

SilentFor = Callable[[], float]
"""Returns how many seconds ago any worker gave a sign of life."""


class Plans(Protocol):
    """Where plans are kept for workers to read, beside the rows that they are about."""

    def create(self, key: str, chunks: Iterable[bytes]) -> bool:
        """Store bytes under ``key`` if it is free; return whether it was."""

    def leaks(self, plan: Plan) -> Mapping[str, str]:
        """Return each feature of ``plan`` that tells its target by itself, and how, as ``ml.leaks`` names it."""
