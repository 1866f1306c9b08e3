"""What a tool answers for a holdout, and how good that is: one function for all tools, over what they say of a row."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, roc_auc_score


@dataclass(frozen=True)
class Answers:
    """What one tool says of every row of the holdout."""

    seconds: float
    """From the order to a fitted model, without what the tool costs to start."""
    winner: str
    """The model that answers, by the tool's own name."""
    classes: tuple[str, ...]
    shares: tuple[tuple[float, ...], ...]
    """For each row the probability of each class; 1 and 0 where the model only names a class."""

    @classmethod
    def read(cls, file: Path) -> "Answers":
        """Return what a peer wrote."""
        told = json.loads(file.read_text())
        return cls(told["seconds"], told["winner"], tuple(told["classes"]), tuple(map(tuple, told["shares"])))


_RESAMPLES = 200
_SEED = 11


def score(metric: str, truth: Sequence[str], answers: Answers) -> float:
    """Return the score of ``metric`` on the holdout.

    AUC is of the class that is last in the order of the alphabet, which for two classes makes no difference.
    """
    assert len(truth) == len(answers.shares)
    if metric == "AUC":
        last = max(answers.classes)
        shares = [row[answers.classes.index(last)] for row in answers.shares]
        return float(roc_auc_score([label == last for label in truth], shares))
    named = [answers.classes[int(np.argmax(row))] for row in answers.shares]
    return float(accuracy_score(truth, named))


def spread(metric: str, truth: Sequence[str], answers: Answers) -> float:
    """Return how much the score would vary with other rows in the holdout: its standard error, by the bootstrap."""
    dice = np.random.default_rng(_SEED)
    scores = []
    for _ in range(_RESAMPLES):
        rows = dice.integers(len(truth), size=len(truth))
        some = replace(answers, shares=tuple(answers.shares[row] for row in rows))
        scores.append(score(metric, [truth[row] for row in rows], some))
    return float(np.std(scores))
