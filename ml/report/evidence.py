"""What an evaluation report is made of."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.engines.port import Label
from ml.scoring import Numbers


@dataclass(frozen=True)
class Evidence:
    """What the folds of a race left behind of one candidate, and the rows they were about."""

    predictions: pd.DataFrame
    """The fits' predictions, as ``ml.engines.port.FitOutcome`` has them, one below the other, and each's ``fold``."""
    features: pd.DataFrame
    """The rows as people have them; their index is the ``row`` of the predictions."""
    classes: tuple[Label, ...] = ()
    """Of a classification, in the order of its probabilities."""
    seed: int = 0
    """Draws the rows that stand for the others."""
    time: str | None = None
    """Of a time series, the column of moments."""
    groups: pd.Series | None = None
    """Of a clustering, the group in which the model version itself puts each row: a fold's groups have other names."""
    matrix: Numbers | None = None
    """Of a clustering, the rows as the model version's estimator sees them, in the order of ``features``."""


@dataclass(frozen=True)
class ClassEvidence:
    """One class against the rest."""

    label: Label
    truth: Numbers
    """Whether each row is of this class."""
    scores: Numbers
    """What ranks it: the probability of this class, else the decision."""
    folds: Numbers


def by_class(evidence: Evidence) -> Iterator[ClassEvidence]:
    """Yield each class that the predictions rank rows by: with two classes the second one only, as the metrics do."""
    table = evidence.predictions
    for number, label in enumerate(evidence.classes):
        if len(evidence.classes) == 2 and number == 0:
            continue
        name = _ranking(table, number)
        if name is not None:
            truth = (table["truth"] == label).to_numpy(dtype=bool)
            yield ClassEvidence(label, truth, table[name].to_numpy(dtype=float), folds_of(table))


def folds_of(predictions: pd.DataFrame) -> Numbers:
    """Return the fold of each prediction; predictions that say none are of one fold."""
    if "fold" in predictions:
        folds: Numbers = predictions["fold"].to_numpy()
        return folds
    return np.zeros(len(predictions), dtype=int)


def _ranking(table: pd.DataFrame, number: int) -> str | None:
    names = (f"probability_{number}", f"decision_{number}", "decision")
    return next((name for name in names if name in table), None)
