"""The twin of MLflow behind the recorder's port."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from infra.tracking import MlflowUnavailable


@dataclass
class MemoryRun:
    """What one run holds."""

    group: str
    name: str
    tags: dict[str, str]
    parameters: dict[str, str] = field(default_factory=dict)
    measurements: set[tuple[str, float, int, datetime]] = field(default_factory=set)
    status: str = "RUNNING"
    files: dict[str, bytes] = field(default_factory=dict)

    def values(self, metric: str) -> dict[int, float]:
        """Return a metric's value at each step."""
        return {step: value for name, value, step, _ in self.measurements if name == metric}


class MemoryTracking:
    """Runs by key, in memory; ``calls_left`` says when it goes away."""

    def __init__(self) -> None:
        self.runs: dict[str, MemoryRun] = {}
        self.models: dict[str, list[str]] = {}
        self.calls_left: int | None = None

    def open_run(self, group: str, key: str, name: str, started_at: datetime, tags: Mapping[str, str]) -> str:
        self._called()
        self.runs.setdefault(f"run:{key}", MemoryRun(group, name, dict(tags)))
        return f"run:{key}"

    def describe(self, run_id: str, parameters: Mapping[str, str]) -> None:
        self._called()
        self.runs[run_id].parameters.update(parameters)

    def measure(self, run_id: str, measurements: Sequence[tuple[str, float, int, datetime]]) -> None:
        self._called()
        self.runs[run_id].measurements.update((name, value, step, at) for name, value, step, at in measurements)

    def tag(self, run_id: str, tags: Mapping[str, str]) -> None:
        self._called()
        self.runs[run_id].tags.update(tags)

    def end_run(self, run_id: str, status: str, at: datetime) -> None:
        self._called()
        self.runs[run_id].status = status

    def store_model(self, run_id: str, folder: Path) -> None:
        self._called()
        files = (path for path in folder.rglob("*") if path.is_file())
        self.runs[run_id].files.update({str(path.relative_to(folder)): path.read_bytes() for path in files})

    def register(self, name: str, run_id: str, tags: Mapping[str, str]) -> str:
        self._called()
        versions = self.models.setdefault(name, [])
        if run_id not in versions:
            versions.append(run_id)
        return str(versions.index(run_id) + 1)

    def _called(self) -> None:
        if self.calls_left is not None:
            self.calls_left -= 1
            if self.calls_left < 0:
                raise MlflowUnavailable("MLflow is away")
