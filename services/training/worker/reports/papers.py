"""What a worker and its child tell each other of a report or an explanation."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fold:
    """What the race left behind of one fold."""

    number: int
    """From 0."""
    predictions: Path
    """Its out-of-fold predictions as Parquet."""
    scores: Mapping[str, float | None]
    seconds: float
    """Wall time of its fit and its scoring."""


@dataclass(frozen=True)
class Papers:
    """A model version and what it was made from, on this machine."""

    plan: bytes
    """The plan as JSON."""
    data: Path
    """The dataset version's Parquet file."""
    archive: Path
    """The artifact, its digest checked."""
    candidate: str
    folds: tuple[Fold, ...] = ()
    """Those that were raced, in order."""
    rivals: tuple[tuple[Path, ...], ...] = ()
    """The predictions of each other candidate that has raced every fold, in the order of the folds."""


@dataclass(frozen=True)
class Sheet:
    """One table that the child wrote."""

    name: str
    path: Path
    rows: int


@dataclass(frozen=True)
class Findings:
    """What the child found."""

    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]
    rows: int
    """Rows that are reported, or explained."""
