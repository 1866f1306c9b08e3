"""A fitted candidate that takes rows as people have them and answers in their own labels.

It is pickled into the artifact by value, so that the artifact needs the libraries it was made with, not this program.
"""

from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.engines.intake import Intake


class Preprocessing(Protocol):
    """Turns prepared rows into what the estimator takes, by what it learnt from the training rows."""

    def fit_transform(self, features: pd.DataFrame, target: pd.Series) -> Any:
        """Learn from these rows and return them transformed."""

    def transform(self, features: pd.DataFrame) -> Any:
        """Return other rows transformed."""


def answers_of(estimator: Any, rows: Any) -> npt.NDArray[Any]:
    """Return an estimator's answer per row; some libraries give a column of them."""
    answers = np.asarray(estimator.predict(rows))
    return answers[:, 0] if answers.ndim == 2 and answers.shape[1] == 1 else answers


class FittedPipeline:
    """Intake, preprocessing and estimator as one, in the manner of scikit-learn."""

    def __init__(self, intake: Intake, preprocessing: Preprocessing, estimator: Any, classes: tuple[Any, ...]) -> None:
        self.intake = intake
        self.preprocessing = preprocessing
        self.estimator = estimator
        self.classes_ = np.array(classes)
        """The labels of the answers, in the order of the probabilities; empty for regression."""

    def predict(self, frame: pd.DataFrame) -> npt.NDArray[Any]:
        """Return a label per row, or a number for regression."""
        answers = answers_of(self.estimator, self.prepared(frame))
        return self.classes_[answers.astype(int)] if len(self.classes_) else answers.astype(float)

    def predict_proba(self, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return a probability per row and class; an AttributeError if the estimator gives none."""
        given: npt.NDArray[np.float64] = self.estimator.predict_proba(self.prepared(frame))
        return given

    def measures(self, frame: pd.DataFrame) -> dict[str, npt.NDArray[np.float64]]:
        """Return what the estimator says of a row beside its label: ``score``, how unusual it is, of a detector."""
        if not hasattr(self.estimator, "anomaly_score"):
            return {}
        return {"score": self.estimator.anomaly_score(self.prepared(frame))}

    def decision_function(self, frame: pd.DataFrame) -> npt.NDArray[np.float64]:
        """Return what the estimator ranks rows by: of two classes a number a row, else one per class."""
        given: npt.NDArray[np.float64] = self.estimator.decision_function(self.prepared(frame))
        return given

    @property
    def gives_probabilities(self) -> bool:
        """Whether ``predict_proba`` answers."""
        return hasattr(self.estimator, "predict_proba")

    @property
    def gives_decisions(self) -> bool:
        """Whether ``decision_function`` answers."""
        return hasattr(self.estimator, "decision_function")

    def prepared(self, frame: pd.DataFrame) -> Any:
        """Return rows as the estimator sees them."""
        # PyCaret joins by index: rows that share one would be multiplied.
        return self.preprocessing.transform(self.intake.apply(frame.reset_index(drop=True)))
