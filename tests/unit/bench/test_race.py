import math

import pytest

from tests.bench.race import compared


def test_scores_are_compared_fold_by_fold() -> None:
    comparison = compared({"lr": {"AUC": {0: 0.7, 1: 0.8}}}, {"lr": {"AUC": [0.7, 0.9]}})
    assert (comparison.compared, comparison.differing) == (2, 1)
    assert comparison.largest == pytest.approx(0.1)


def test_a_difference_of_rounding_is_none_but_is_told() -> None:
    comparison = compared({"lr": {"F1": {0: 0.7}}}, {"lr": {"F1": [0.7 + 1e-14]}})
    assert comparison.differing == 0
    assert 0 < comparison.largest < 1e-13


def test_a_score_that_we_lack_differs() -> None:
    comparison = compared({"lr": {"F1": {0: None}}}, {"lr": {"F1": [0.7]}})
    assert (comparison.differing, comparison.largest) == (1, math.inf)


def test_a_score_that_pycaret_lacks_differs() -> None:
    assert compared({"lr": {"F1": {0: 0.7}}}, {"lr": {"F1": [math.nan]}}).differing == 1


def test_an_auc_that_pycaret_gives_as_0_is_counted_apart() -> None:
    comparison = compared({"svm": {"AUC": {0: 0.7}}}, {"svm": {"AUC": [0.0]}})
    assert (comparison.compared, comparison.repaired, comparison.differing) == (0, 1, 0)


def test_a_metric_of_pycarets_alone_is_not_compared() -> None:
    assert compared({"lr": {}}, {"lr": {"TT (Sec)": [1.0]}}).compared == 0
