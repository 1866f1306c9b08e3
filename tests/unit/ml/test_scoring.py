import numpy as np
import pytest

from ml.scoring import score_classification, score_regression

TRUTH = np.array([0, 0, 1, 1, 1])
PREDICTED = np.array([0, 1, 1, 1, 0])


def test_two_classes_are_scored_by_the_second_one() -> None:
    scores = score_classification(TRUTH, PREDICTED, np.array([0.1, 0.6, 0.7, 0.9, 0.4]), 2)
    assert scores["Accuracy"] == pytest.approx(3 / 5)
    assert scores["Recall"] == pytest.approx(2 / 3)
    assert scores["Precision"] == pytest.approx(2 / 3)
    assert scores["AUC"] == pytest.approx(5 / 6)


def test_more_classes_are_weighted_by_their_rows() -> None:
    truth = np.array([0, 0, 0, 1, 1, 2])
    scores = score_classification(truth, np.array([0, 0, 0, 1, 2, 2]), np.eye(3)[truth], 3)
    assert scores["Recall"] == pytest.approx((3 * 1 + 2 * 0.5 + 1 * 1) / 6)
    assert scores["AUC"] == 1


def test_a_decision_per_class_ranks_as_probabilities_do() -> None:
    truth = np.array([0, 1, 2, 0, 1, 2])
    probabilities = np.random.default_rng(1).dirichlet([1, 1, 1], 6)
    plain = score_classification(truth, truth, probabilities, 3)["AUC"]
    assert score_classification(truth, truth, np.log(probabilities) * 9 - 3, 3)["AUC"] == plain


def test_without_anything_to_rank_by_there_is_no_auc() -> None:
    assert score_classification(TRUTH, PREDICTED, None, 2)["AUC"] is None


def test_a_ranking_that_is_not_finite_gives_no_auc_instead_of_a_zero() -> None:
    assert score_classification(TRUTH, PREDICTED, np.array([0.1, np.nan, 0.7, 0.9, 0.4]), 2)["AUC"] is None


@pytest.mark.filterwarnings("ignore")
def test_a_fold_with_one_class_has_neither_auc_nor_kappa() -> None:
    scores = score_classification(np.ones(3, int), np.ones(3, int), np.ones(3), 2)
    assert (scores["AUC"], scores["Kappa"], scores["Accuracy"]) == (None, None, 1)


def test_a_class_absent_from_the_fold_is_left_out_of_its_auc() -> None:
    truth = np.array([0, 0, 1, 1])
    ranking = np.array([[0.8, 0.1, 0.1], [0.2, 0.7, 0.1], [0.3, 0.6, 0.1], [0.1, 0.8, 0.1]])
    assert score_classification(truth, truth, ranking, 3)["AUC"] == pytest.approx((0.75 + 0.75) / 2)


def test_errors_of_a_regression() -> None:
    scores = score_regression(np.array([1.0, 2.0, 4.0]), np.array([2.0, 2.0, 2.0]))
    assert scores["MAE"] == pytest.approx(1)
    assert scores["MSE"] == pytest.approx(5 / 3)
    assert scores["RMSE"] == pytest.approx((5 / 3) ** 0.5)
    assert scores["MAPE"] == pytest.approx((1 + 0 + 0.5) / 3)


def test_rows_whose_truth_is_zero_have_no_percentage() -> None:
    assert score_regression(np.array([0.0, 2.0]), np.array([5.0, 1.0]))["MAPE"] == pytest.approx(0.5)
    assert score_regression(np.zeros(2), np.ones(2))["MAPE"] is None


def test_one_row_has_no_r2() -> None:
    assert score_regression(np.ones(1), np.ones(1))["R2"] is None


def test_a_score_too_great_for_a_float_is_none() -> None:
    with np.errstate(over="ignore"):
        assert score_regression(np.array([1.0, 2.0]), np.array([1e200, 1e300]))["MSE"] is None
