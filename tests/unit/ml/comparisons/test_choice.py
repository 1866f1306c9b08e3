"""Each question has its test, and each wrong test is refused with the reason and what would help."""

from dataclasses import replace
from itertools import product
from typing import get_args

import pytest

from ml.comparisons import (
    ComparisonRefused,
    Evidence,
    LabelsNeeded,
    NoTestForHoldout,
    OneDatasetNeeded,
    OtherMetricTested,
    Question,
    RowsTooFew,
    TestName,
    TooFewToRank,
    TwoClassesNeeded,
    WrongKind,
    suitable,
)
from ml.comparisons.evidence import Kind
from ml.metrics import METRICS, Task, default_metric

CANDIDATES = ("lr", "rf", "knn", "lightgbm")


def evidence(kind: Kind, candidates: int = 2, datasets: int = 1, rows: int = 500) -> tuple[Evidence, ...]:
    return tuple(
        Evidence(candidate, f"dataset {number}", f"ts1:{number}", f"{kind} of seed 1", kind, rows)
        for candidate in CANDIDATES[:candidates]
        for number in range(datasets)
    )


ON_FOLDS, ON_HOLDOUT = evidence("folds"), evidence("holdout")
ACCURACY = Question("classification", "Accuracy", ON_HOLDOUT, classes=3)
AREA = Question("classification", "AUC", ON_HOLDOUT, classes=2)
ERROR = Question("regression", "RMSE", ON_FOLDS)


@pytest.mark.parametrize("task", METRICS)
def test_two_candidates_on_the_same_folds_have_the_t_tests_that_know_of_shared_rows(task: Task) -> None:
    method = suitable(Question(task, default_metric(task, 2), ON_FOLDS, classes=2))
    assert method.tests == ("correlated_t", "corrected_t")
    assert (method.pairs, method.holm) == (1, False)
    assert (method.caveat is not None) == (task == "time_series")


def test_right_answers_on_one_holdout_have_mcnemars_test() -> None:
    assert suitable(ACCURACY).tests == ("mcnemar",)


def test_areas_on_one_holdout_have_delongs_test() -> None:
    assert suitable(AREA).tests == ("delong",)


@pytest.mark.parametrize("kind", ["folds", "holdout"])
def test_many_datasets_have_friedmans_and_nemenyis_tests(kind: Kind) -> None:
    method = suitable(Question("regression", "R2", evidence(kind, candidates=4, datasets=5)))
    assert method.tests == ("friedman", "nemenyi")
    assert (method.pairs, method.holm) == (6, False)
    assert "5 datasets" in method.said


@pytest.mark.parametrize(
    "question",
    [
        replace(ERROR, evidence=evidence("folds", candidates=3)),
        replace(ACCURACY, evidence=evidence("holdout", candidates=3)),
        replace(AREA, evidence=evidence("holdout", candidates=3)),
    ],
)
def test_many_pairs_have_holms_correction(question: Question) -> None:
    method = suitable(question)
    assert (method.pairs, method.holm) == (3, True)


@pytest.mark.parametrize("task", ["regression", "clustering", "anomaly_detection", "time_series"])
@pytest.mark.parametrize("where", [ON_FOLDS, ON_HOLDOUT])
def test_mcnemars_test_is_refused_where_no_answer_is_just_right(task: Task, where: tuple[Evidence, ...]) -> None:
    with pytest.raises(LabelsNeeded, match=f"right and wrong answers, which {task} does not have") as refused:
        suitable(Question(task, default_metric(task), where, asked="mcnemar"))
    assert refused.value.task == task


@pytest.mark.parametrize("asked", ["delong", None])
def test_an_area_under_one_curve_of_three_classes_is_refused(asked: TestName | None) -> None:
    with pytest.raises(TwoClassesNeeded, match="classification with 3 classes") as refused:
        suitable(replace(AREA, classes=3, asked=asked))
    assert (refused.value.task, refused.value.classes) == ("classification", 3)


def test_an_area_under_the_curve_of_regression_is_refused() -> None:
    with pytest.raises(TwoClassesNeeded, match="this is regression"):
        suitable(replace(ERROR, evidence=ON_HOLDOUT, asked="delong"))


@pytest.mark.parametrize(
    ("question", "asked", "tested"), [(AREA, "mcnemar", "Accuracy"), (replace(ACCURACY, classes=2), "delong", "AUC")]
)
def test_a_test_of_another_metric_is_refused(question: Question, asked: TestName, tested: str) -> None:
    with pytest.raises(OtherMetricTested, match=f"compares {tested}, and says nothing of {question.metric}") as refused:
        suitable(replace(question, asked=asked))
    assert (refused.value.test, refused.value.tested, refused.value.metric) == (asked, tested, question.metric)


@pytest.mark.parametrize(
    "question", [replace(ERROR, evidence=ON_HOLDOUT), replace(ACCURACY, metric="F1"), replace(ACCURACY, metric="MCC")]
)
def test_a_metric_without_a_test_on_a_holdout_is_refused(question: Question) -> None:
    with pytest.raises(NoTestForHoldout, match=f"not {question.metric} of {question.task}.*the same folds") as refused:
        suitable(question)
    assert (refused.value.task, refused.value.metric) == (question.task, question.metric)


@pytest.mark.parametrize("asked", ["correlated_t", "corrected_t"])
def test_a_test_of_folds_is_refused_on_a_holdout(asked: TestName) -> None:
    with pytest.raises(WrongKind, match="a holdout gives one") as refused:
        suitable(replace(ACCURACY, asked=asked))
    assert (refused.value.test, refused.value.kind) == (asked, "holdout")


@pytest.mark.parametrize("question", [replace(ACCURACY, asked="mcnemar"), replace(AREA, asked="delong")])
def test_a_test_of_two_fitted_models_is_refused_on_folds(question: Question) -> None:
    with pytest.raises(WrongKind, match="in a race each fold has its own") as refused:
        suitable(replace(question, evidence=ON_FOLDS))
    assert (refused.value.test, refused.value.kind) == (question.asked, "folds")


@pytest.mark.parametrize("asked", ["correlated_t", "corrected_t", "mcnemar", "delong"])
def test_a_test_of_one_dataset_is_refused_on_several(asked: TestName) -> None:
    with pytest.raises(OneDatasetNeeded, match="these are of 6") as refused:
        suitable(replace(AREA, evidence=evidence("holdout", candidates=4, datasets=6), asked=asked))
    assert (refused.value.test, refused.value.datasets) == (asked, 6)


@pytest.mark.parametrize(("candidates", "datasets"), [(4, 4), (2, 9), (2, 1)])
@pytest.mark.parametrize("asked", ["friedman", "nemenyi"])
def test_ranks_over_too_few_datasets_or_candidates_are_refused(candidates: int, datasets: int, asked: TestName) -> None:
    with pytest.raises(TooFewToRank, match="5 datasets and 3 candidates") as refused:
        suitable(replace(ERROR, evidence=evidence("folds", candidates, datasets), asked=asked))
    assert (refused.value.datasets, refused.value.candidates) == (datasets, candidates)


def test_two_datasets_are_too_few_whoever_asks() -> None:
    with pytest.raises(TooFewToRank):
        suitable(replace(ERROR, evidence=evidence("folds", candidates=4, datasets=2)))


def test_a_claim_on_fewer_than_a_hundred_rows_is_refused() -> None:
    with pytest.raises(RowsTooFew):
        suitable(replace(ERROR, evidence=evidence("folds", rows=99)))


def answer(question: Question) -> tuple[tuple[TestName, ...], str]:
    """Return the tests and why these; or none, and why not."""
    try:
        method = suitable(question)
    except ComparisonRefused as refused:
        return (), str(refused)
    return method.tests, method.said


def test_every_question_gets_the_test_it_asked_for_or_a_sentence() -> None:
    asked_for: tuple[TestName | None, ...] = (None, *get_args(TestName))
    counts = tuple(product((2, 4), (1, 2, 6)))
    for kind, (candidates, datasets), task, asked in product(get_args(Kind), counts, METRICS, asked_for):
        for metric in METRICS[task]:
            scored = evidence(kind, candidates, datasets)
            tests, said = answer(Question(task, metric, scored, classes=2, asked=asked))
            assert said.endswith(".")
            assert not tests or asked in {None, *tests}
