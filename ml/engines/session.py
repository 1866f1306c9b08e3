"""What every engine does alike: train on a fold's training rows only, predict the rows kept out, score them."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from time import perf_counter
from typing import Any, Protocol

import numpy as np
import pandas as pd

from ml.engines.intake import Intake
from ml.engines.pipeline import FittedPipeline, Preprocessing
from ml.engines.port import CandidateFailed, FitOutcome, Label
from ml.metrics import Task
from ml.scoring import Numbers, Scores, score_classification, score_regression
from ml.splits import Rows, Split, folds_of

_FOLDS_KEPT = 2


class PredictionsNotFinite(ValueError):
    """An estimator answered with infinities or with nothing."""

    def __init__(self) -> None:
        super().__init__("the estimator predicted numbers that are not finite")


class Recipe(Protocol):
    """What an engine brings: prepared rows, and what is to be trained on them."""

    features: pd.DataFrame
    target: pd.Series
    """Numbers; for classification positions in the sorted classes."""

    def preprocessing(self) -> Preprocessing:
        """Return new, unfitted preprocessing."""

    def estimator(self, candidate: str) -> Any:
        """Return a candidate's new, unfitted estimator; raise CandidateUnknown if there is none."""


@dataclass(frozen=True)
class _Fold:
    """One fold's rows after the preprocessing that its training rows taught."""

    train: Any
    test: Any
    seconds: float


class RecipeSession:
    """A session over any engine's recipe; a fold's fitted preprocessing is kept for the next candidate on that fold."""

    def __init__(self, recipe: Recipe, intake: Intake, classes: tuple[Label, ...], task: Task, seed: int) -> None:
        self._recipe = recipe
        self._intake = intake
        self._task = task
        self._seed = seed
        self.classes = classes
        self._fold: Callable[[bytes, bytes], _Fold] = lru_cache(_FOLDS_KEPT)(self._preprocessed)

    def folds(self, folds: int) -> tuple[Split, ...]:
        """Return the folds of this problem by its seed."""
        return folds_of(self._said(self._recipe.target.to_numpy()), self._task, folds, self._seed)

    def fit(self, candidate: str, train: Rows, test: Rows) -> FitOutcome:
        """Train a candidate on some rows only, and score it on others."""
        estimator = self._recipe.estimator(candidate)
        with _failing_as(candidate):
            fold = self._fold(train.tobytes(), test.tobytes())
            began = perf_counter()
            estimator.fit(fold.train, self._recipe.target.iloc[train])
            trained = perf_counter()
            scores, predictions = self._judged(estimator, fold.test, test)
            scored = perf_counter()
        return FitOutcome(scores, predictions, fold.seconds + trained - began, scored - trained)

    def refit(self, candidate: str) -> FittedPipeline:
        """Train a candidate on all rows."""
        estimator, preprocessing = self._recipe.estimator(candidate), self._recipe.preprocessing()
        with _failing_as(candidate):
            rows = preprocessing.fit_transform(self._recipe.features, self._recipe.target)
            estimator.fit(rows, self._recipe.target)
        return FittedPipeline(self._intake, preprocessing, estimator, self.classes)

    def _preprocessed(self, train: bytes, test: bytes) -> _Fold:
        began = perf_counter()
        train_rows, test_rows = (np.frombuffer(rows, dtype=np.intp) for rows in (train, test))
        preprocessing = self._recipe.preprocessing()
        features, target = self._recipe.features, self._recipe.target
        taught = preprocessing.fit_transform(features.iloc[train_rows], target.iloc[train_rows])
        seconds = perf_counter() - began
        return _Fold(taught, preprocessing.transform(features.iloc[test_rows]), seconds)

    def _judged(self, estimator: Any, rows: Any, test: Rows) -> tuple[Scores, pd.DataFrame]:
        truth = self._recipe.target.iloc[test].to_numpy()
        predicted = np.asarray(estimator.predict(rows))
        if not np.isfinite(predicted).all():
            raise PredictionsNotFinite
        table: dict[str, Any] = {"row": test, "truth": self._said(truth), "prediction": self._said(predicted)}
        if self._task == "regression":
            return score_regression(truth, predicted), pd.DataFrame(table)
        probabilities, decision = _per_class(estimator, rows)
        table |= _columns("probability", probabilities) | _columns("decision", decision)
        ranking = _ranking(probabilities, decision, len(self.classes))
        return score_classification(truth, predicted, ranking, len(self.classes)), pd.DataFrame(table)

    def _said(self, numbers: Numbers) -> Numbers:
        return np.array(self.classes)[numbers.astype(int)] if self.classes else numbers.astype(float)


def _per_class(estimator: Any, rows: Any) -> tuple[Numbers | None, Numbers | None]:
    probabilities = estimator.predict_proba(rows) if hasattr(estimator, "predict_proba") else None
    decision = estimator.decision_function(rows) if hasattr(estimator, "decision_function") else None
    return probabilities, decision


def _ranking(probabilities: Numbers | None, decision: Numbers | None, classes: int) -> Numbers | None:
    # PyCaret's order for two classes. For more it is the other way round: PyCaret takes the decisions there too, fails
    # because they do not sum to 1, and reports 0.
    if classes == 2:
        return decision if decision is not None or probabilities is None else probabilities[:, 1]
    return probabilities if probabilities is not None else decision


def _columns(name: str, numbers: Numbers | None) -> dict[str, Numbers]:
    if numbers is None:
        return {}
    if numbers.ndim == 1:
        return {name: numbers}
    return {f"{name}_{number}": numbers[:, number] for number in range(numbers.shape[1])}


@contextmanager
def _failing_as(candidate: str) -> Iterator[None]:
    """Name any failure of a library's code by its candidate, and keep the library's warnings to itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except MemoryError:
            raise
        except Exception as error:  # estimators of many libraries raise anything
            raise CandidateFailed(candidate, error) from error
