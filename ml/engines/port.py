"""What an engine is: a problem goes in, fits of its candidates come out; it knows no bus and no store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from contracts.ingest import LogicalType
from contracts.training import Forecast
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
    """One known value per row; zeros for a task without a target."""
    seed: int
    clusters: int = 4
    """Groups that a clustering looks for, where its candidate takes their number."""
    anomalies: float = 0.05
    """Share of rows that an anomaly detection takes for unusual."""
    groups: Rows | None = None
    """The number of each row's group, where the rows of one stay on one side of every fold."""
    forecast: Forecast | None = None
    """How a time series is foretold; None for another task. Its column of moments is one of the features."""


@dataclass(frozen=True)
class FitOutcome:
    """What one candidate did on one fold."""

    scores: Scores
    predictions: pd.DataFrame
    """One line per row kept out: ``row``, ``truth`` (where there is any), ``prediction``, and what the candidate gives
    per class: ``probability_<n>``, else ``decision_<n>`` (one ``decision`` of the second class when there are two);
    ``score`` for an anomaly detection, and ``step``, how far ahead, for a time series."""
    fit_seconds: float
    """Wall time of training preprocessing and estimator; shared preprocessing counts for each that uses it."""
    score_seconds: float
    fitted: "Fitted"
    """The candidate as this fold's training rows taught it."""


class Fitted(Protocol):
    """A refitted candidate that takes rows as people have them, and answers in their own labels."""

    classes_: npt.NDArray[Any]
    """The labels that it answers with; empty where it answers with numbers."""

    def predict(self, frame: pd.DataFrame) -> npt.NDArray[Any]:
        """Return a label per row, or a number."""


class Session(Protocol):
    """One problem made ready; not safe for threads."""

    @property
    def classes(self) -> tuple[Label, ...]:
        """The labels of the answers, as far as they are known before a fit: empty where the answers are numbers."""

    def folds(self, folds: int) -> tuple[Split, ...]:
        """Return the folds of this problem by its seed."""

    def fit(self, candidate: str, train: Rows, test: Rows) -> FitOutcome:
        """Train a candidate on some rows only, and score it on others.

        Raises:
            CandidateUnknown: if the engine does not offer it.
            CandidateFailed: if it cannot be trained or scored.
        """

    def refit(self, candidate: str) -> Fitted:
        """Train a candidate on all rows; raises as ``fit`` does."""

    def fitted(self, candidate: str, train: Rows) -> Fitted:
        """Train a candidate on some rows only, as ``fit`` does, for whoever asks it more than its scores."""

    def example(self, fitted: Fitted) -> pd.DataFrame:
        """Return one row, as people have it, that ``fitted`` answers."""


class Engine(Protocol):
    """A source of candidates."""

    def prepare(self, problem: Problem) -> Session:
        """Make a problem ready for its fits.

        Raises:
            NothingToLearnFrom: if every feature is empty.
            TimesRepeated, TimesIrregular: if the rows of a time series are no series.
        """


def encoded(problem: Problem) -> tuple[npt.NDArray[Any], tuple[Label, ...]]:
    """Return the target as positions in its sorted classes, and the classes; for other tasks as it is, and none."""
    if problem.task != "classification":
        return problem.target, ()
    labels, codes = np.unique(problem.target, return_inverse=True)
    return codes, tuple(labels.tolist())
