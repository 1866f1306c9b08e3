"""What a trained candidate is asked on the rows kept out, and how that is scored: a judge for each kind of task."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from ml.answers import ranking_of
from ml.engines.detector import LABELS
from ml.engines.pipeline import Preprocessing, answers_of
from ml.engines.port import Label, Problem
from ml.engines.predictions import PredictionsNotFinite, check
from ml.scoring import (
    Numbers,
    Scores,
    score_anomalies,
    score_classification,
    score_clustering,
    score_regression,
)
from ml.splits import Rows

_MOST_COMPARED = 5000
"""Rows of a fold whose distances to each other are computed."""


@dataclass(frozen=True)
class Fold:
    """One fold's rows after the preprocessing that its training rows taught."""

    train: Any
    test: Any
    made_up: tuple[Any, ...]
    """Rows that a judge asked for beside those kept out."""
    rows: Rows
    """Where the rows kept out stand in the problem."""
    truth: Numbers
    """Their target; zeros for a task without one."""
    seconds: float
    """Wall time of teaching the preprocessing."""
    preprocessing: Preprocessing
    """As the training rows taught it."""


class Judge(Protocol):
    """Asks a trained candidate on one fold."""

    @property
    def classes(self) -> tuple[Label, ...]:
        """The labels of the answers, as far as they are known before a fit."""

    def labels(self, estimator: Any) -> tuple[Label, ...]:
        """Return the labels of the answers of a trained estimator."""

    def made_up(self, train: pd.DataFrame, test: pd.DataFrame) -> Sequence[pd.DataFrame]:
        """Return rows to ask for beside those kept out, before any preprocessing."""

    def judged(self, estimator: Any, fold: Fold) -> tuple[Scores, pd.DataFrame]:
        """Return the scores of a trained estimator, and its answers row by row."""


def judge_of(problem: Problem, classes: tuple[Label, ...]) -> Judge:
    """Return the judge of a problem; ``classes`` are the target's sorted values in a classification."""
    if problem.task == "clustering":
        return ClusteringJudge(problem.seed)
    if problem.task == "anomaly_detection":
        return AnomalyJudge(problem.seed, problem.anomalies)
    return TargetJudge(classes)


class TargetJudge:
    """Compares predictions with what the rows kept out say themselves."""

    def __init__(self, classes: tuple[Label, ...]) -> None:
        """Take the target's values, sorted; none for regression."""
        self.classes = classes

    def labels(self, _estimator: Any) -> tuple[Label, ...]:
        """Return the target's values."""
        return self.classes

    def made_up(self, _train: pd.DataFrame, _test: pd.DataFrame) -> Sequence[pd.DataFrame]:
        """Return nothing: the truth is known."""
        return ()

    def judged(self, estimator: Any, fold: Fold) -> tuple[Scores, pd.DataFrame]:
        """Return every metric of classification, or of regression."""
        predicted = answers_of(estimator, fold.test)
        check(predicted, len(fold.rows), len(self.classes))
        table = {"row": fold.rows, "truth": self._said(fold.truth), "prediction": self._said(predicted)}
        if not self.classes:
            return score_regression(fold.truth, predicted), pd.DataFrame(table)
        probabilities, decision = _per_class(estimator, fold.test)
        table |= _columns("probability", probabilities) | _columns("decision", decision)
        ranking = ranking_of(probabilities, decision, len(self.classes))
        return score_classification(fold.truth, predicted, ranking, len(self.classes)), pd.DataFrame(table)

    def _said(self, numbers: Numbers) -> Numbers:
        return np.array(self.classes)[numbers.astype(int)] if self.classes else numbers.astype(float)


class ClusteringJudge:
    """Asks how far apart the groups are into which the rows kept out fall."""

    classes: tuple[Label, ...] = ()

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def labels(self, estimator: Any) -> tuple[Label, ...]:
        """Return the names of the groups that were found."""
        named: tuple[Label, ...] = estimator.labels
        return named

    def made_up(self, _train: pd.DataFrame, _test: pd.DataFrame) -> Sequence[pd.DataFrame]:
        """Return nothing: the groups are compared with each other."""
        return ()

    def judged(self, estimator: Any, fold: Fold) -> tuple[Scores, pd.DataFrame]:
        """Return every metric of clustering, from at most 5,000 of the rows."""
        rows, groups = np.asarray(fold.test, dtype=float), estimator.predict(fold.test)
        table = pd.DataFrame({"row": fold.rows, "prediction": np.array(estimator.labels)[groups]})
        some = np.random.default_rng(self._seed).permutation(len(rows))[:_MOST_COMPARED]
        return score_clustering(rows[some], groups[some], estimator.noise), table


class AnomalyJudge:
    """Asks whether rows that there are look more usual than rows that could be."""

    classes: tuple[Label, ...] = LABELS

    def __init__(self, seed: int, share: float) -> None:
        """Take the share of rows that a detector is to take for unusual."""
        self._seed = seed
        self._share = share

    def labels(self, _estimator: Any) -> tuple[Label, ...]:
        """Return what a row can be."""
        return LABELS

    def made_up(self, train: pd.DataFrame, test: pd.DataFrame) -> Sequence[pd.DataFrame]:
        """Return the rows kept out with each column's values shuffled, and as many with any values of training."""
        random = np.random.default_rng(self._seed)
        shuffled = {name: random.permutation(test[name].to_numpy()) for name in test}
        uniform = {name: _any_of(train[name], len(test), random) for name in test}
        return [pd.DataFrame(made, index=test.index).astype(test.dtypes) for made in (shuffled, uniform)]

    def judged(self, estimator: Any, fold: Fold) -> tuple[Scores, pd.DataFrame]:
        """Return every metric of anomaly detection."""
        kept_out, shuffled, uniform = (estimator.anomaly_score(rows) for rows in (fold.test, *fold.made_up))
        if not all(np.isfinite(found).all() for found in (kept_out, shuffled, uniform)):
            raise PredictionsNotFinite
        flagged = estimator.predict(fold.test)
        table = {"row": fold.rows, "prediction": np.array(LABELS)[flagged], "score": kept_out}
        scores = score_anomalies(kept_out, shuffled, uniform, float(flagged.mean()), self._share)
        return scores, pd.DataFrame(table)


def _any_of(values: pd.Series, count: int, random: np.random.Generator) -> Numbers:
    """Return numbers from between the least and the greatest of the values, or any of them if they are no numbers."""
    known = values.dropna()
    if len(known) and pd.api.types.is_float_dtype(values.dtype):
        return random.uniform(known.min(), known.max(), count)
    if len(known) and pd.api.types.is_integer_dtype(values.dtype):
        return random.integers(known.min(), known.max(), count, endpoint=True)
    levels = np.array(known.unique() if len(known) else values.to_numpy()[:1], dtype=object)
    return random.choice(levels, count)


def _per_class(estimator: Any, rows: Any) -> tuple[Numbers | None, Numbers | None]:
    probabilities = estimator.predict_proba(rows) if hasattr(estimator, "predict_proba") else None
    decision = estimator.decision_function(rows) if hasattr(estimator, "decision_function") else None
    return probabilities, decision


def _columns(name: str, numbers: Numbers | None) -> dict[str, Numbers]:
    if numbers is None:
        return {}
    if numbers.ndim == 1:
        return {name: numbers}
    return {f"{name}_{number}": numbers[:, number] for number in range(numbers.shape[1])}
