"""Any clustering of scikit-learn's kind, made able to tell the group of a row that it has not seen."""

from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.neighbors import KNeighborsClassifier

_NOISE = -1


class Clusterer:
    """Groups rows; where the estimator itself answers for its training rows only, a new row joins its nearest one."""

    def __init__(self, estimator: Any) -> None:
        self.estimator = estimator

    def fit(self, rows: Any, _target: Any = None) -> "Clusterer":
        """Find the groups of these rows."""
        matrix = np.asarray(rows, dtype=float)
        found = np.asarray(self.estimator.fit_predict(matrix))
        self._codes = np.unique(found)
        for tree in ("root_", "dummy_leaf_"):
            # Birch's: a chain of as many links as it has leaves, too deep to pickle; it predicts without.
            vars(self.estimator).pop(tree, None)
        self._nearest = None
        if not hasattr(self.estimator, "predict"):
            self._nearest = KNeighborsClassifier(1).fit(matrix, found)
        return self

    @property
    def labels(self) -> tuple[str, ...]:
        """The groups' names; rows in none are ``Noise``."""
        return tuple("Noise" if code == _NOISE else f"Cluster {code}" for code in self._codes)

    @property
    def noise(self) -> int | None:
        """Which of the labels is that of rows in no group; None if each is in one."""
        return 0 if self._codes[0] == _NOISE else None

    def predict(self, rows: Any) -> npt.NDArray[np.intp]:
        """Return the position of each row's label."""
        matrix = np.asarray(rows, dtype=float)
        codes = np.asarray((self._nearest or self.estimator).predict(matrix))
        return np.searchsorted(self._codes, codes)
