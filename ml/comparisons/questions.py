"""A question about candidates, and why a test does not answer it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from ml.comparisons.evidence import Evidence, Kind
from ml.comparisons.paired import ComparisonRefused
from ml.metrics import Task

TestName = Literal["correlated_t", "corrected_t", "mcnemar", "delong", "friedman", "nemenyi"]
"""The functions of this package, by name."""

TITLES: Mapping[TestName, str] = MappingProxyType(
    {
        "correlated_t": "The Bayesian correlated t-test",
        "corrected_t": "The corrected resampled t-test",
        "mcnemar": "McNemar's test",
        "delong": "DeLong's test",
        "friedman": "Friedman's test",
        "nemenyi": "Nemenyi's test",
    }
)
"""What people call them."""

_TESTED_METRIC: Mapping[TestName, str] = MappingProxyType({"mcnemar": "Accuracy", "delong": "AUC"})
_BY_FOLDS = "compare the candidates on the same folds with the corrected t-test"


@dataclass(frozen=True)
class Question:
    """Which of these candidates is better by this metric?

    >>> Question("regression", "RMSE", evidence=()).asked is None
    True
    """

    task: Task
    metric: str
    evidence: tuple[Evidence, ...]
    """One for each candidate and dataset."""
    classes: int | None = None
    """How many the target has; None for a task without classes."""
    asked: TestName | None = None
    """The test that somebody wants; None if any that is right will do."""


class LabelsNeeded(ComparisonRefused):
    """McNemar's test counts right and wrong answers, and this task has none."""

    def __init__(self, task: Task) -> None:
        self.task = task
        super().__init__(
            f"McNemar's test counts right and wrong answers, which {task} does not have: there an answer is better or "
            "worse.",
            f"Instead, {_BY_FOLDS}.",
        )


class TwoClassesNeeded(ComparisonRefused):
    """DeLong's test compares one area under the curve of each candidate, and so takes just two classes."""

    def __init__(self, task: Task, classes: int | None) -> None:
        self.task = task
        self.classes = classes
        what = task if classes is None else f"{task} with {classes} classes"
        super().__init__(f"DeLong's test takes a target of two classes, and this is {what}.", f"Instead, {_BY_FOLDS}.")


class OtherMetricTested(ComparisonRefused):
    """The test compares another metric than the question."""

    def __init__(self, test: TestName, tested: str, metric: str) -> None:
        self.test = test
        self.tested = tested
        self.metric = metric
        super().__init__(
            f"{TITLES[test]} compares {tested}, and says nothing of {metric}.", f"Ask for {tested}; or {_BY_FOLDS}."
        )


class NoTestForHoldout(ComparisonRefused):
    """No test here compares this metric on one holdout."""

    def __init__(self, task: Task, metric: str) -> None:
        self.task = task
        self.metric = metric
        super().__init__(
            f"On one holdout, Accuracy and AUC of classification can be tested, and not {metric} of {task}.",
            f"Instead, {_BY_FOLDS}.",
        )


class WrongKind(ComparisonRefused):
    """The test is one of folds and the scores are of a holdout, or the other way round."""

    def __init__(self, test: TestName, kind: Kind) -> None:
        self.test = test
        self.kind = kind
        if kind == "holdout":
            why = "takes several scores of each candidate, one per fold, and a holdout gives one."
            cure = "Take McNemar's test for Accuracy, DeLong's for AUC, or the scores of a race."
        else:
            why = "compares two fitted models, and in a race each fold has its own, fitted to rows that they share."
            cure = f"Score both candidates on one holdout; or {_BY_FOLDS}."
        super().__init__(f"{TITLES[test]} {why}", cure)


class OneDatasetNeeded(ComparisonRefused):
    """The test takes scores of one dataset, and these are of several."""

    def __init__(self, test: TestName, datasets: int) -> None:
        self.test = test
        self.datasets = datasets
        super().__init__(
            f"{TITLES[test]} takes scores of one dataset, and these are of {datasets}, each with a scale of its own.",
            "Take Friedman's test for all of them, or ask of each dataset alone and correct with Holm.",
        )


def check_asked(question: Question, asked: TestName) -> None:
    """Refuse a test that does not answer ``question``, of whose evidence every score has its partner.

    Raises:
        LabelsNeeded, TwoClassesNeeded, OneDatasetNeeded, WrongKind, OtherMetricTested: says why not, and what would.
    """
    if asked in {"friedman", "nemenyi"}:
        return
    if asked == "mcnemar" and question.task != "classification":
        raise LabelsNeeded(question.task)
    if asked == "delong" and question.classes != 2:
        raise TwoClassesNeeded(question.task, question.classes)
    datasets = len({each.dataset for each in question.evidence})
    if datasets > 1:
        raise OneDatasetNeeded(asked, datasets)
    kind = question.evidence[0].kind
    tested = _TESTED_METRIC.get(asked)
    if (tested is None) != (kind == "folds"):
        raise WrongKind(asked, kind)
    if tested not in {None, question.metric}:
        raise OtherMetricTested(asked, str(tested), question.metric)
