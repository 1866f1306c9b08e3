import numpy as np
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from ml.report.calibration import calibration, calibration_tables, expected_calibration_error
from tests.builders.evidence import evidence_of, ranked
from tests.builders.problems import a_classification

RANDOM = np.random.default_rng(5)
PROBABILITIES = RANDOM.random(2000)
TRUTH = RANDOM.random(2000) < PROBABILITIES


def test_bins_are_those_of_scikit_learn_by_quantiles() -> None:
    observed, predicted = calibration_curve(TRUTH, PROBABILITIES, n_bins=10, strategy="quantile")
    table = calibration(TRUTH, PROBABILITIES)
    assert table["observed"].to_numpy() == pytest.approx(observed)
    assert table["predicted"].to_numpy() == pytest.approx(predicted)
    assert table["rows"].tolist() == [200] * 10


def test_the_brier_score_is_that_of_scikit_learn() -> None:
    errors = calibration_tables(ranked(TRUTH, PROBABILITIES))["calibration_error"].iloc[0]
    assert errors["brier"] == pytest.approx(brier_score_loss(TRUTH, PROBABILITIES))
    assert errors["brier_of_base"] == pytest.approx(brier_score_loss(TRUTH, np.full(2000, TRUTH.mean())))


def test_the_error_is_the_distance_in_the_bins_weighted_by_rows() -> None:
    table = calibration(TRUTH, PROBABILITIES)
    distance = np.average((table["predicted"] - table["observed"]).abs(), weights=table["rows"])
    assert expected_calibration_error(TRUTH, PROBABILITIES) == pytest.approx(distance)


def test_a_calibrated_model_stays_below_the_error_of_chance_and_a_bold_one_does_not() -> None:
    calibrated, bold = (
        calibration_tables(ranked(TRUTH, said))["calibration_error"].iloc[0]
        for said in (PROBABILITIES, (PROBABILITIES > 0.5) * 0.98 + 0.01)
    )
    assert 0 < calibrated["expected_calibration_error"] < calibrated["error_by_chance"]
    assert bold["expected_calibration_error"] > bold["error_by_chance"]


def test_the_error_by_chance_is_what_calibrated_models_pass_in_one_of_twenty() -> None:
    random, passed = np.random.default_rng(8), 0
    for _ in range(200):
        said = random.random(300)
        errors = calibration_tables(ranked(random.random(300) < said, said))["calibration_error"].iloc[0]
        passed += errors["expected_calibration_error"] > errors["error_by_chance"]
    assert 1 <= passed <= 22


def test_probabilities_that_many_rows_share_are_in_one_bin() -> None:
    table = calibration(np.tile([0, 1], 50), np.repeat([0.2, 0.4], [90, 10]))
    assert table["rows"].tolist() == [90, 10]


def test_each_of_three_classes_has_its_own_bins_and_two_have_one_set() -> None:
    three = calibration_tables(evidence_of(a_classification(("a", "b", "c")), "bayes"))
    assert three["calibration_error"]["class"].tolist() == ["a", "b", "c"]
    assert calibration_tables(ranked([1, 0], [0.8, 0.1]))["calibration"]["class"].unique().tolist() == ["yes"]


def test_decisions_are_no_probabilities() -> None:
    assert calibration_tables(evidence_of(a_classification(), "ridge")) == {}
