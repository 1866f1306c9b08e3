"""Any detector of anomalies, scikit-learn's or pyod's, with one meaning of its scores and of its threshold."""

from typing import Any

import numpy as np
import numpy.typing as npt

LABELS = ("normal", "anomaly")


class Detector:
    """Scores how unusual a row is; the rows that score above all but a share of the training rows are anomalies."""

    def __init__(self, estimator: Any, share: float) -> None:
        """Take an unfitted estimator, and the share of its training rows that it is to take for anomalies."""
        self.estimator = estimator
        self._share = share

    def fit(self, rows: Any, _target: Any = None) -> "Detector":
        """Learn what is usual."""
        matrix = np.asarray(rows, dtype=float)
        self.estimator.fit(matrix)
        self._threshold = float(np.quantile(self._of_training(matrix), 1 - self._share))
        return self

    def anomaly_score(self, rows: Any) -> npt.NDArray[np.float64]:
        """Return a number for each row: the greater, the more unusual."""
        matrix = np.asarray(rows, dtype=float)
        if hasattr(self.estimator, "decision_scores_"):
            return np.asarray(self.estimator.decision_function(matrix), dtype=float)
        return -np.asarray(self.estimator.score_samples(matrix), dtype=float)

    def predict(self, rows: Any) -> npt.NDArray[np.intp]:
        """Return 1 for an anomaly, 0 for a normal row."""
        return (self.anomaly_score(rows) > self._threshold).astype(np.intp)

    def _of_training(self, matrix: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        # A detector by neighbours must not count a row as its own neighbour, which only its fit can know.
        if hasattr(self.estimator, "decision_scores_"):
            return np.asarray(self.estimator.decision_scores_, dtype=float)
        if hasattr(self.estimator, "negative_outlier_factor_"):
            return -np.asarray(self.estimator.negative_outlier_factor_, dtype=float)
        return self.anomaly_score(matrix)
