import numpy as np
import pytest
from sklearn.ensemble import IsolationForest
from sklearn.neighbors import LocalOutlierFactor
from sklearn.svm import OneClassSVM

from ml.engines.detector import Detector

ROWS = np.random.default_rng(5).normal(size=(400, 2))
DETECTORS = [IsolationForest(random_state=1), LocalOutlierFactor(novelty=True), OneClassSVM()]


@pytest.mark.parametrize("estimator", DETECTORS, ids=lambda estimator: type(estimator).__name__)
def test_what_is_far_from_everything_scores_most_and_is_an_anomaly(estimator: object) -> None:
    detector = Detector(estimator, share=0.05).fit(ROWS)
    far, near = np.array([[9.0, -9.0]]), np.array([[0.0, 0.0]])
    assert detector.anomaly_score(far)[0] > detector.anomaly_score(near)[0]
    assert detector.predict(np.vstack([far, near])).tolist() == [1, 0]


@pytest.mark.parametrize("estimator", DETECTORS, ids=lambda estimator: type(estimator).__name__)
def test_about_the_share_that_was_asked_for_is_flagged_among_rows_alike(estimator: object) -> None:
    others = np.random.default_rng(6).normal(size=(2000, 2))
    assert Detector(estimator, share=0.1).fit(ROWS).predict(others).mean() == pytest.approx(0.1, abs=0.05)
