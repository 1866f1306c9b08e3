"""What a worker and its child tell each other."""

from dataclasses import dataclass
from pathlib import Path

from ml.engines.costs import ServingCost

Label = str | int | float | bool


@dataclass(frozen=True)
class Work:
    """One candidate of one plan."""

    plan: bytes
    """The plan as JSON."""
    data: Path
    """The dataset version's Parquet file on this machine."""
    candidate: str


@dataclass(frozen=True)
class FitReport:
    """What a fit gave, besides the predictions that it wrote."""

    scores: dict[str, float | None]
    rows: int
    fit_seconds: float
    score_seconds: float
    cpu_seconds: float
    peak_memory_bytes: int
    cost: ServingCost | None = None
    """What it costs to serve; measured on the first fold only, as other folds cost the same."""


@dataclass(frozen=True)
class RefitReport:
    """What a refit gave, besides the archive that it wrote."""

    classes: tuple[Label, ...]
    example: str
    """One row as JSON."""
