"""Which test answers a question about candidates."""

from dataclasses import dataclass
from math import comb

from ml.comparisons.datasets import FEWEST_CANDIDATES, FEWEST_DATASETS, TooFewToRank
from ml.comparisons.evidence import check_pairs
from ml.comparisons.questions import NoTestForHoldout, Question, TestName, TwoClassesNeeded, check_asked
from ml.metrics import Task


@dataclass(frozen=True)
class Method:
    """How a question is answered.

    >>> Method(("friedman", "nemenyi"), pairs=6, holm=False, said="Ranks over datasets.").tests[0]
    'friedman'
    """

    tests: tuple[TestName, ...]
    """The first one answers; another one says it in its own way, or says which pairs."""
    pairs: int
    """How many pairs of candidates there are."""
    holm: bool
    """Whether p-values need Holm's correction, since there is more than one pair."""
    said: str
    """Why this one, in a sentence for a person."""
    caveat: str | None = None
    """What the test assumes and this question does not quite give, in a sentence; None if nothing is amiss."""


def suitable(question: Question) -> Method:
    """Return how to answer ``question``.

    >>> from ml.comparisons import Evidence
    >>> both = [Evidence(name, "flights", "ts1:4b", "holdout of seed 1", "holdout", 800) for name in ("lr", "rf")]
    >>> suitable(Question("classification", "AUC", tuple(both), classes=2)).tests
    ('delong',)

    Raises:
        ComparisonRefused: if nothing here answers it, or not what was asked for; which one says why, and what would.
    """
    check_pairs(question.evidence)
    candidates = len({each.candidate for each in question.evidence})
    datasets = len({each.dataset for each in question.evidence})
    if question.asked is not None:
        check_asked(question, question.asked)
    if datasets > 1 or question.asked in {"friedman", "nemenyi"}:
        return _by_ranks(datasets, candidates)
    if question.evidence[0].kind == "folds":
        return _by_folds(question.task, candidates)
    return _on_holdout(question, candidates)


def _by_ranks(datasets: int, candidates: int) -> Method:
    if datasets < FEWEST_DATASETS or candidates < FEWEST_CANDIDATES:
        raise TooFewToRank(datasets, candidates)
    said = (
        f"Scores of {datasets} datasets have no common scale, so their ranks are compared: Friedman's test says "
        "whether candidates differ, Nemenyi's which."
    )
    return Method(("friedman", "nemenyi"), comb(candidates, 2), holm=False, said=said)


def _by_folds(task: Task, candidates: int) -> Method:
    said = (
        "All were scored on the same folds, which share training rows: the correlated t-test says how likely it is "
        "that one is better by more than the margin, the corrected t-test gives the p-value."
    )
    caveat = (
        "Both tests take folds as alike, and each fold of a series learns from more rows than the one before: take the "
        "answer as a hint."
        if task == "time_series"
        else None
    )
    return Method(("correlated_t", "corrected_t"), comb(candidates, 2), candidates > 2, said, caveat)


def _on_holdout(question: Question, candidates: int) -> Method:
    pairs, holm = comb(candidates, 2), candidates > 2
    if question.task == "classification" and question.metric == "Accuracy":
        said = "All answered the same rows of one holdout: what tells two apart is the rows that only one gets right."
        return Method(("mcnemar",), pairs, holm, said)
    if question.task == "classification" and question.metric == "AUC":
        if question.classes != 2:
            raise TwoClassesNeeded(question.task, question.classes)
        said = "All ranked the same rows of one holdout, so the areas under their curves vary together."
        return Method(("delong",), pairs, holm, said)
    raise NoTestForHoldout(question.task, question.metric)
