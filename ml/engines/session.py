"""What every engine does alike: train on a fold's training rows only, predict the rows kept out, score them."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from time import perf_counter
from typing import Any, Protocol

import numpy as np
import pandas as pd

from ml.engines.intake import Intake
from ml.engines.judges import Fold, Judge
from ml.engines.own import estimator_of, is_own
from ml.engines.pipeline import FittedPipeline, Preprocessing
from ml.engines.port import CandidateFailed, CandidateUnknown, FitOutcome, Fitted, Problem
from ml.splits import Rows, Split, folds_of, grouped_folds

_FOLDS_KEPT = 2


class Recipe(Protocol):
    """What an engine brings: prepared rows, and what is to be trained on them."""

    features: pd.DataFrame
    target: pd.Series
    """Numbers; for classification positions in the sorted classes, zeros where there is no target."""

    def preprocessing(self) -> Preprocessing:
        """Return new, unfitted preprocessing."""

    def estimator(self, candidate: str) -> Any:
        """Return a candidate's new, unfitted estimator; raise CandidateUnknown if there is none."""


class RecipeSession:
    """A session over any engine's recipe; a fold's fitted preprocessing is kept for the next candidate on that fold."""

    def __init__(self, recipe: Recipe, intake: Intake, judge: Judge, problem: Problem) -> None:
        self._recipe = recipe
        self._intake = intake
        self._judge = judge
        self._problem = problem
        self.classes = judge.classes
        self._fold: Callable[[bytes, bytes], Fold] = lru_cache(_FOLDS_KEPT)(self._preprocessed)

    def __reduce__(self) -> tuple[Any, ...]:
        """Go into a file without the folds that are kept."""
        return RecipeSession, (self._recipe, self._intake, self._judge, self._problem)

    def folds(self, folds: int) -> tuple[Split, ...]:
        """Return the folds of this problem by its seed."""
        asked = self._problem
        if asked.groups is not None:
            return grouped_folds(asked.target, asked.groups, asked.task, folds, asked.seed)
        return folds_of(asked.target, asked.task, folds, asked.seed)

    def fit(self, candidate: str, train: Rows, test: Rows) -> FitOutcome:
        """Train a candidate on some rows only, and score it on others."""
        with failing_as(candidate):
            estimator = self._estimator(candidate)
            fold = self._fold(train.tobytes(), test.tobytes())
            began = perf_counter()
            estimator.fit(fold.train, self._recipe.target.iloc[train])
            trained = perf_counter()
            scores, predictions = self._judge.judged(estimator, fold)
            scored = perf_counter()
            fitted = FittedPipeline(self._intake, fold.preprocessing, estimator, self._judge.labels(estimator))
        return FitOutcome(scores, predictions, fold.seconds + trained - began, scored - trained, fitted)

    def refit(self, candidate: str) -> FittedPipeline:
        """Train a candidate on all rows."""
        return self.fitted(candidate, np.arange(len(self._recipe.target)))

    def fitted(self, candidate: str, train: Rows) -> FittedPipeline:
        """Train a candidate on some rows."""
        preprocessing, target = self._recipe.preprocessing(), self._recipe.target.iloc[train]
        with failing_as(candidate):
            estimator = self._estimator(candidate)
            estimator.fit(preprocessing.fit_transform(self._recipe.features.iloc[train], target), target)
        return FittedPipeline(self._intake, preprocessing, estimator, self._judge.labels(estimator))

    def example(self, _fitted: Fitted) -> pd.DataFrame:
        """Return the row with the fewest gaps, which says most about what a row looks like."""
        features = self._problem.features
        return features.loc[[features.isna().sum(axis=1).idxmin()]]

    def _estimator(self, candidate: str) -> Any:
        return estimator_of(candidate, self._problem.seed) if is_own(candidate) else self._recipe.estimator(candidate)

    def _preprocessed(self, train: bytes, test: bytes) -> Fold:
        began = perf_counter()
        train_rows, test_rows = (np.frombuffer(rows, dtype=np.intp) for rows in (train, test))
        preprocessing = self._recipe.preprocessing()
        features, target = self._recipe.features, self._recipe.target
        taught = preprocessing.fit_transform(features.iloc[train_rows], target.iloc[train_rows])
        seconds = perf_counter() - began
        made_up = self._judge.made_up(features.iloc[train_rows], features.iloc[test_rows])
        return Fold(
            train=taught,
            test=preprocessing.transform(features.iloc[test_rows]),
            made_up=tuple(preprocessing.transform(rows) for rows in made_up),
            rows=test_rows,
            truth=target.iloc[test_rows].to_numpy(),
            seconds=seconds,
            preprocessing=preprocessing,
        )


@contextmanager
def failing_as(candidate: str) -> Iterator[None]:
    """Name any failure of a library's code by its candidate, and keep the library's warnings to itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            yield
        except (MemoryError, CandidateUnknown):
            raise
        except Exception as error:  # estimators of many libraries raise anything
            raise CandidateFailed(candidate, error) from error
