"""What an engine is: a problem goes in, fits of its candidates come out; it knows no bus and no store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from contracts.ingest import LogicalType
from ml.engines.pipeline import FittedPipeline
from ml.metrics import Task
from ml.scoring import Scores
from ml.splits import Rows, Split

Label = str | int | float | bool


class CandidateUnknown(ValueError):
    """The engine offers no such candidate for this task."""

    def __init__(self, candidate: str, offered: Sequence[str]) -> None:
        self.candidate = candidate
        super().__init__(f"There is no candidate {candidate!r}. Choose among {', '.join(offered)}.")


class CandidateFailed(ValueError):
    """A candidate could not be trained or scored on these rows; the words are the library's own."""

    def __init__(self, candidate: str, problem: BaseException) -> None:
        self.candidate = candidate
        super().__init__(f"{type(problem).__name__}: {problem}")


@dataclass(frozen=True)
class Problem:
    """The rows of one experiment, and the question put to them."""

    task: Task
    features: pd.DataFrame
    types: Mapping[str, LogicalType]
    """Type of each feature, in order."""
    target: npt.NDArray[Any]
    """One known value per row."""
    seed: int


@dataclass(frozen=True)
class FitOutcome:
    """What one candidate did on one fold."""

    scores: Scores
    predictions: pd.DataFrame
    """One line per row kept out: ``row``, ``truth``, ``prediction``, and what the candidate gives per class:
    ``probability_<n>``, else ``decision_<n>`` (one ``decision`` of the second class when there are two)."""
    fit_seconds: float
    """Wall time of training preprocessing and estimator; shared preprocessing counts for each that uses it."""
    score_seconds: float


class Session(Protocol):
    """One problem made ready; not safe for threads."""

    @property
    def classes(self) -> tuple[Label, ...]:
        """The target's values, sorted; empty for regression."""

    def folds(self, folds: int) -> tuple[Split, ...]:
        """Return the folds of this problem by its seed."""

    def fit(self, candidate: str, train: Rows, test: Rows) -> FitOutcome:
        """Train a candidate on some rows only, and score it on others.

        Raises:
            CandidateUnknown: if the engine does not offer it.
            CandidateFailed: if it cannot be trained or scored.
        """

    def refit(self, candidate: str) -> FittedPipeline:
        """Train a candidate on all rows; raises as ``fit`` does."""


class Engine(Protocol):
    """A source of candidates."""

    def prepare(self, problem: Problem) -> Session:
        """Make a problem ready for its fits.

        Raises:
            NothingToLearnFrom: if every feature is empty.
        """


def encoded(problem: Problem) -> tuple[npt.NDArray[Any], tuple[Label, ...]]:
    """Return the target as positions in its sorted classes, and the classes; for regression as it is, and none."""
    if problem.task == "regression":
        return problem.target, ()
    labels, codes = np.unique(problem.target, return_inverse=True)
    return codes, tuple(labels.tolist())
