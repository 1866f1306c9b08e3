"""The engine of scikit-learn alone: small, quick to import, and a second opinion on what an engine is."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Lasso, LogisticRegression, Ridge, RidgeClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from ml.engines.intake import Intake
from ml.engines.port import CandidateUnknown, Problem, encoded
from ml.engines.session import RecipeSession
from ml.metrics import Task

_LEVELS_KEPT = 25

_ESTIMATORS: Mapping[Task, Mapping[str, Callable[[int], Any]]] = MappingProxyType(
    {
        "classification": {
            "logistic": lambda seed: LogisticRegression(max_iter=1000, random_state=seed),
            "ridge": lambda seed: RidgeClassifier(random_state=seed),
            "bayes": lambda _seed: GaussianNB(),
            "tree": lambda seed: DecisionTreeClassifier(random_state=seed),
            "forest": lambda seed: RandomForestClassifier(n_jobs=1, random_state=seed),
            "boosting": lambda seed: HistGradientBoostingClassifier(random_state=seed),
            "dummy": lambda _seed: DummyClassifier(strategy="prior"),
        },
        "regression": {
            "ridge": lambda seed: Ridge(random_state=seed),
            "lasso": lambda seed: Lasso(random_state=seed),
            "neighbors": lambda _seed: KNeighborsRegressor(n_jobs=1),
            "tree": lambda seed: DecisionTreeRegressor(random_state=seed),
            "forest": lambda seed: RandomForestRegressor(n_jobs=1, random_state=seed),
            "boosting": lambda seed: HistGradientBoostingRegressor(random_state=seed),
            "dummy": lambda _seed: DummyRegressor(),
        },
    }
)


class SklearnEngine:
    """Imputation, scaling, one-hot encoding with rare levels together, and seven estimators per task."""

    def prepare(self, problem: Problem) -> RecipeSession:
        """Make a problem ready for its fits."""
        intake = Intake.learn(problem.features, problem.types)
        target, classes = encoded(problem)
        recipe = _SklearnRecipe(intake.apply(problem.features), pd.Series(target), problem.task, problem.seed)
        return RecipeSession(recipe, intake, classes, problem.task, problem.seed)


class _SklearnRecipe:
    def __init__(self, features: pd.DataFrame, target: pd.Series, task: Task, seed: int) -> None:
        self.features = features
        self.target = target
        self._task: Task = task
        self._seed = seed

    def preprocessing(self) -> ColumnTransformer:
        numbers = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
        strings = make_pipeline(
            SimpleImputer(strategy="constant", fill_value="(missing)"),
            OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=_LEVELS_KEPT, sparse_output=False),
        )
        return ColumnTransformer(
            [
                ("numbers", numbers, list(self.features.select_dtypes(np.number))),
                ("strings", strings, list(self.features.select_dtypes(object))),
            ]
        )

    def estimator(self, candidate: str) -> Any:
        offered = _ESTIMATORS[self._task]
        if candidate not in offered:
            raise CandidateUnknown(candidate, tuple(offered))
        return offered[candidate](self._seed)


ENGINE = SklearnEngine()
