"""What a worker needs from outside."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from contracts.message import Progress
from infra.objects import Stored


class ObjectStore(Protocol):
    """Where plans, rows, predictions, artifacts and records of finished work are kept."""

    def put_file(self, prefix: str, path: Path, suffix: str = "") -> Stored:
        """Store a file's bytes under their digest."""

    def create(self, key: str, chunks: Iterable[bytes]) -> bool:
        """Store bytes under ``key`` if it is free; return whether it was."""

    def read(self, key: str) -> bytes:
        """Return a small object; raise ObjectMissing if there is none."""

    def fetch(self, key: str, digest: str, path: Path) -> None:
        """Write an object to ``path``; raise ObjectDamaged if it is not what ``digest`` says."""


class Child(Protocol):
    """The process that does the work, and may die of it."""

    def call(self, function: str, *args: Any) -> Any:
        """Return what ``function`` returns there; raise CallFailed or WorkerDied."""

    def kill(self) -> None:
        """End it at once, from any thread; the next call has a new one."""


Announce = Callable[[Progress], None]
"""Tells whoever watches, and does not wait; nobody may hear it."""
