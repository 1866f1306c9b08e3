import subprocess
import sys
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from ml.metrics import CLASSIFICATION, METRICS, REGRESSION
from ml.row_scores import Answers, MetricHasNoRows, Numbers, has_rows, row_scores
from ml.scoring import Scores, score_classification, score_regression


def classified(rows: int, classes: int, seed: int, skill: float = 1.0) -> Answers:
    """Return answers whose ranking is a probability and whose prediction is the most probable class."""
    chance = np.random.default_rng(seed)
    truth = chance.choice(classes, rows, p=np.arange(1, classes + 1) / np.arange(1, classes + 1).sum())
    odds = np.exp(chance.normal(size=(rows, classes)) + skill * np.eye(classes)[truth])
    ranking = odds / odds.sum(axis=1, keepdims=True)
    return Answers(truth, ranking.argmax(axis=1), ranking[:, 1] if classes == 2 else ranking, classes)


def estimated(rows: int, seed: int, noise: float = 0.5) -> Answers:
    chance = np.random.default_rng(seed)
    truth = chance.normal(1, 2, rows)
    return Answers(truth, truth + chance.normal(0, noise, rows), None, 0)


def coarse(answers: Answers) -> Numbers:
    assert answers.ranking is not None
    return np.round(answers.ranking, 1)


def of_classes(truth: Any, predicted: Any, ranking: Any = None, classes: int = 2) -> Answers:
    return Answers(np.array(truth), np.array(predicted), None if ranking is None else np.array(ranking), classes)


def of_numbers(truth: Any, predicted: Any) -> Answers:
    return Answers(np.array(truth), np.array(predicted), None, 0)


TWO, THREE, NUMBERS = classified(200, 2, 1), classified(200, 3, 2), estimated(200, 3)
RARE = np.arange(200) < 2
ORDINARY = {"two classes": TWO, "three classes": THREE, "numbers": NUMBERS}
FOLDS = ORDINARY | {
    "two classes, a coarse ranking": of_classes(TWO.truth, TWO.predicted, coarse(TWO)),
    "three classes, a coarse ranking": of_classes(THREE.truth, THREE.predicted, coarse(THREE), 3),
    "a ranking that says nothing": of_classes(TWO.truth, TWO.predicted, np.ones(200)),
    "no ranking": of_classes(TWO.truth, TWO.predicted),
    "a ranking that is not finite": of_classes([0, 1, 0, 1], [0, 1, 1, 1], [0.1, np.nan, 0.2, np.inf]),
    "one rare class of two": of_classes(RARE.astype(int), np.roll(RARE, 1).astype(int), TWO.ranking),
    "one rare class of three": of_classes(np.where(RARE, 2, TWO.truth), THREE.predicted, THREE.ranking, 3),
    "one row of each class": of_classes([0, 1], [1, 1], [0.3, 0.4]),
    "a class that nobody names": of_classes(THREE.truth, np.minimum(THREE.predicted, 1), THREE.ranking, 3),
    "a class that is not there": of_classes(np.minimum(THREE.truth, 1), THREE.predicted, THREE.ranking, 3),
    "the second class never named": of_classes(TWO.truth, np.zeros(200, int), TWO.ranking),
    "the first class never named": of_classes(TWO.truth, np.ones(200, int), TWO.ranking),
    "one of three always named": of_classes(THREE.truth, np.ones(200, int), THREE.ranking, 3),
    "two classes, all right": of_classes(TWO.truth, TWO.truth, TWO.truth),
    "two classes, all wrong": of_classes(TWO.truth, 1 - TWO.truth, -TWO.truth),
    "three classes, all right": of_classes(THREE.truth, THREE.truth, np.eye(3)[THREE.truth], 3),
    "three classes, all wrong": of_classes(THREE.truth, (THREE.truth + 1) % 3, -np.eye(3)[THREE.truth], 3),
    "only the second class": of_classes([1, 1, 1], [0, 1, 1], [0.1, 0.2, 0.3]),
    "only the first class, as said": of_classes([0, 0, 0], [0, 0, 0], [0.1, 0.2, 0.3]),
    "only one class of three": of_classes([2, 2], [2, 1], np.eye(3)[:2], 3),
    "numbers, all right": of_numbers(NUMBERS.truth, NUMBERS.truth),
    "numbers, one always named": of_numbers(NUMBERS.truth, np.full(200, 1.5)),
    "whole numbers, some of them 0": of_numbers(TWO.truth, THREE.truth),
    "nothing but zeros": of_numbers(np.zeros(5), np.arange(5.0)),
    "a truth that does not vary": of_numbers(np.full(7, 0.5), np.arange(7.0)),
    "a truth that does not vary, all right": of_numbers(np.full(7, 0.5), np.full(7, 0.5)),
    "a truth that varies by rounding": of_numbers(np.full(7, 0.1), np.arange(7.0)),
    "far from zero": of_numbers(NUMBERS.truth + 1e6, NUMBERS.predicted + 1e6),
    "one row far off": of_numbers(NUMBERS.truth, np.where(RARE, 1e9, NUMBERS.predicted)),
    "squares too great for a float": of_numbers([1.0, 2.0, 3.0], [1e200, 2.0, 1e300]),
    "one row": of_numbers([1.0], [2.0]),
}

GOOD, POOR = (37, 20, 3, 8, 4), (2, 12, 1, 8, 18)
"""Patients of each grade of the World Federation of Neurosurgical Societies, from 1, by outcome: the data set aSAH of
the R package pROC, whose own tests have the variance (Robin et al., BMC Bioinformatics 12, 2011)."""


def metrics_of(answers: Answers) -> tuple[str, ...]:
    return CLASSIFICATION if answers.classes else REGRESSION


def scored(answers: Answers) -> Scores:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        if not answers.classes:
            return score_regression(answers.truth, answers.predicted)
        return score_classification(answers.truth, answers.predicted, answers.ranking, answers.classes)


def rows_of(metric: str, answers: Answers) -> Numbers:
    rows = row_scores(metric, answers)
    assert rows is not None
    return rows


def influence_of(metric: str, answers: Answers) -> Numbers:
    rows = rows_of(metric, answers)
    influence: Numbers = rows - rows.mean()
    return influence


def at(places: Any, answers: Answers) -> Answers:
    ranking = None if answers.ranking is None else answers.ranking[places]
    return Answers(answers.truth[places], answers.predicted[places], ranking, answers.classes)


EACH_FOLD = [
    pytest.param(answers, metric, id=f"{metric}, {case}")
    for case, answers in FOLDS.items()
    for metric in metrics_of(answers)
]
EACH_METRIC = [
    pytest.param(answers, metric, id=f"{metric}, {case}")
    for case, answers in ORDINARY.items()
    for metric in metrics_of(answers)
]


@pytest.mark.parametrize(("answers", "metric"), EACH_FOLD)
def test_the_mean_of_the_rows_is_the_score_of_the_fold(answers: Answers, metric: str) -> None:
    score, rows = scored(answers)[metric], row_scores(metric, answers)
    if score is None:
        assert rows is None
    else:
        assert rows is not None
        assert rows.shape == answers.truth.shape
        assert rows.mean() == pytest.approx(score, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(
    ("case", "without"),
    [
        ("no ranking", {"AUC"}),
        ("a ranking that is not finite", {"AUC"}),
        ("only the second class", {"AUC"}),
        ("only the first class, as said", {"AUC", "Kappa"}),
        ("only one class of three", {"AUC"}),
        ("one row", {"R2"}),
        ("nothing but zeros", {"MAPE"}),
        ("squares too great for a float", {"MSE", "RMSE", "R2"}),
    ],
)
def test_what_has_no_score_has_no_rows(case: str, without: set[str]) -> None:
    assert {metric for metric in metrics_of(FOLDS[case]) if row_scores(metric, FOLDS[case]) is None} == without


@pytest.mark.parametrize(("answers", "metric"), EACH_METRIC)
def test_a_row_moves_the_score_by_its_influence_as_it_weighs_more(answers: Answers, metric: str) -> None:
    answers = at(slice(30), answers)
    step = 1e-5
    steps = step * np.eye(30)
    moved = [weighted(metric, answers, 1 + by) - weighted(metric, answers, 1 - by) for by in steps]
    assert influence_of(metric, answers) == pytest.approx(np.array(moved) / (2 * step) * 30, rel=1e-5, abs=1e-6)


def weighted(metric: str, answers: Answers, weights: Numbers) -> float:
    """Return scikit-learn's score of rows that weigh differently."""
    if metric == "AUC":
        of_all = {"multi_class": "ovr", "average": "macro" if answers.classes == 2 else "weighted"}
        return float(metrics.roc_auc_score(answers.truth, answers.ranking, sample_weight=weights, **of_all))
    of_class = {"average": "binary" if answers.classes == 2 else "weighted", "zero_division": 0}
    function, options = {
        "Accuracy": (metrics.accuracy_score, {}),
        "Recall": (metrics.recall_score, of_class),
        "Precision": (metrics.precision_score, of_class),
        "F1": (metrics.f1_score, of_class),
        "Kappa": (metrics.cohen_kappa_score, {}),
        "MCC": (metrics.matthews_corrcoef, {}),
        "MAE": (metrics.mean_absolute_error, {}),
        "MSE": (metrics.mean_squared_error, {}),
        "RMSE": (metrics.root_mean_squared_error, {}),
        "R2": (metrics.r2_score, {}),
        "RMSLE": (metrics.root_mean_squared_log_error, {}),
        "MAPE": (metrics.mean_absolute_percentage_error, {}),
    }[metric]
    truth, predicted = answers.truth, answers.predicted
    if metric == "RMSLE":
        truth, predicted = np.abs(truth), np.abs(predicted)
    return float(function(truth, predicted, sample_weight=weights, **options))


def test_a_row_without_a_percentage_moves_no_mape() -> None:
    answers = of_numbers([0.0, 2.0, 4.0], [5.0, 1.0, 4.0])
    assert rows_of("MAPE", answers) == pytest.approx([0.25, 0.25 + 0.25 * 1.5, 0.25 - 0.25 * 1.5])


def test_where_a_class_is_never_named_the_rows_of_its_precision_are_zeros() -> None:
    assert not rows_of("Precision", FOLDS["the second class never named"]).any()
    assert not rows_of("MCC", FOLDS["the second class never named"]).any()


def test_errors_have_their_own_sign() -> None:
    errors = NUMBERS.predicted - NUMBERS.truth
    assert rows_of("MAE", NUMBERS) == pytest.approx(np.abs(errors))
    assert rows_of("MSE", NUMBERS) == pytest.approx(errors**2)
    assert np.corrcoef(rows_of("RMSE", NUMBERS), errors**2)[0, 1] == pytest.approx(1)


@pytest.mark.parametrize("case", ["two classes", "two classes, a coarse ranking", "one rare class of two"])
def test_the_rows_of_an_auc_are_the_components_of_delong(case: str) -> None:
    answers = FOLDS[case]
    assert answers.ranking is not None
    positive = answers.truth == 1
    one, other = answers.ranking[positive][:, None], answers.ranking[~positive][None, :]
    pairs = (one > other) + 0.5 * (one == other)
    expected = np.empty(len(positive))
    expected[positive] = (pairs.mean(axis=1) - pairs.mean()) / positive.mean()
    expected[~positive] = (pairs.mean(axis=0) - pairs.mean()) / (~positive).mean()
    assert influence_of("AUC", answers) == pytest.approx(expected)


def test_an_auc_varies_as_proc_has_it() -> None:
    poor = np.repeat([0, 1], [sum(GOOD), sum(POOR)])
    influence = influence_of("AUC", of_classes(poor, poor, np.repeat([1, 2, 3, 4, 5] * 2, GOOD + POOR)))
    # Its variance is unbiased within each outcome, while that of rows divides by how many there are.
    unbiased = [np.square(influence[poor == side]).sum() * (n / (n - 1)) for side, n in enumerate(np.bincount(poor))]
    assert sum(unbiased) / len(poor) ** 2 == pytest.approx(0.00146991470882363)


@pytest.mark.parametrize("case", ORDINARY)
def test_the_spread_of_the_rows_is_that_of_scores_of_rows_drawn_anew(case: str) -> None:
    one = ORDINARY[case]
    other = classified(200, one.classes, 7, skill=0.5) if one.classes else estimated(200, 7)
    other = Answers(one.truth, other.predicted, other.ranking, other.classes)
    chance = np.random.default_rng(11)
    drawn = [chance.integers(0, 200, 200) for _ in range(400)]
    for metric in metrics_of(one):
        scores = [[rows_of(metric, at(places, answers)).mean() for answers in (one, other)] for places in drawn]
        by_rows = rows_of(metric, one), rows_of(metric, one) - rows_of(metric, other)
        by_draws = np.array(scores)[:, 0], np.diff(np.array(scores))[:, 0]
        for rows, draws in zip(by_rows, by_draws, strict=True):
            assert rows.std() / np.sqrt(200) == pytest.approx(draws.std(), rel=0.15), metric


@st.composite
def any_answers(draw: st.DrawFn) -> Answers:
    rows, classes = draw(st.integers(2, 12)), draw(st.integers(2, 4))
    places = st.lists(st.integers(0, classes - 1), min_size=rows, max_size=rows)
    width = 1 if classes == 2 else classes
    ranking = draw(st.lists(st.integers(0, 3), min_size=rows * width, max_size=rows * width))
    shape = rows if classes == 2 else (rows, classes)
    return of_classes(draw(places), draw(places), np.reshape(ranking, shape) / 3, classes)


@given(answers=any_answers())
@settings(deadline=None)
def test_whatever_the_answers_the_mean_is_the_score(answers: Answers) -> None:
    scores = scored(answers)
    for metric in CLASSIFICATION:
        score, rows = scores[metric], row_scores(metric, answers)
        assert (rows is None) == (score is None)
        assert rows is None or rows.mean() == pytest.approx(score, rel=1e-12, abs=1e-12)


@given(answers=any_answers(), seed=st.integers(0, 99))
def test_the_order_of_the_rows_does_not_matter(answers: Answers, seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(answers.truth))
    for metric in CLASSIFICATION:
        rows, moved = row_scores(metric, answers), row_scores(metric, at(order, answers))
        assert moved == (None if rows is None else pytest.approx(rows[order]))


@given(answers=any_answers())
def test_rows_that_are_there_twice_count_the_same(answers: Answers) -> None:
    twice = at(np.tile(np.arange(len(answers.truth)), 2), answers)
    for metric in CLASSIFICATION:
        rows, doubled = row_scores(metric, answers), row_scores(metric, twice)
        assert doubled == (None if rows is None else pytest.approx(np.tile(rows, 2)))


def test_every_metric_of_classification_and_regression_has_rows_and_no_other() -> None:
    having = {(metric, task) for task, names in METRICS.items() for metric in names if has_rows(metric, task)}
    assert having == {(metric, "classification") for metric in CLASSIFICATION} | {
        (metric, "regression") for metric in REGRESSION
    }


def test_a_metric_without_rows_is_refused_with_those_that_have_them() -> None:
    with pytest.raises(MetricHasNoRows, match=r"'Silhouette'.*Accuracy.*MAPE"):
        row_scores("Silhouette", TWO)


def test_scoring_rows_imports_nothing_heavy() -> None:
    script = (
        "import sys, ml.row_scores\nsys.exit(', '.join({'sklearn', 'pandas', 'scipy', 'pyarrow'} & sys.modules.keys()))"
    )
    answer = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True, text=True)
    assert answer.stderr.strip() == ""
