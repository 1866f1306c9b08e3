"""What the recorder needs from outside."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from services.training.recorder.domain import RunStatus


class Tracking(Protocol):
    """Where runs are written down. Each call may be repeated, and the repeat changes nothing.

    Each raises a ``contracts.errors.Unavailable`` if the tracking server is away.
    """

    def open_run(self, group: str, key: str, name: str, started_at: datetime, tags: Mapping[str, str]) -> str:
        """Return the id of the run of this ``key``; it is begun, among those of ``group``, if there is none."""

    def describe(self, run_id: str, parameters: Mapping[str, str]) -> None:
        """Keep parameters of a run."""

    def measure(self, run_id: str, measurements: Sequence[tuple[str, float, int, datetime]]) -> None:
        """Keep measurements in a run: name, value, step and time of each."""

    def tag(self, run_id: str, tags: Mapping[str, str]) -> None:
        """Keep tags on a run."""

    def end_run(self, run_id: str, status: RunStatus, at: datetime) -> None:
        """Say how a run ended."""

    def store_model(self, run_id: str, folder: Path) -> None:
        """Keep a model folder with a run."""

    def register(self, name: str, run_id: str, tags: Mapping[str, str]) -> str:
        """Return the version under which the run's model is registered as ``name``; it is made if there is none."""


class Artifacts(Protocol):
    """Where model versions' artifacts are read."""

    def fetch(self, key: str, digest: str, path: Path) -> None:
        """Write an object to ``path``, once its digest is proven."""
