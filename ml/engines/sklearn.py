"""The engine of scikit-learn alone: light and dependable, for where PyCaret is too much."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import pandas as pd
from sklearn.cluster import DBSCAN, AgglomerativeClustering, Birch, KMeans, MiniBatchKMeans
from sklearn.covariance import EllipticEnvelope
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import (
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
    IsolationForest,
    RandomForestClassifier,
    RandomForestRegressor,
)
from sklearn.linear_model import Lasso, LogisticRegression, Ridge, RidgeClassifier
from sklearn.mixture import GaussianMixture
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsRegressor, LocalOutlierFactor
from sklearn.svm import OneClassSVM
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from ml.engines.clusterer import Clusterer
from ml.engines.detector import Detector
from ml.engines.forecaster import Forecaster
from ml.engines.forecasting import ForecastSession
from ml.engines.intake import Intake
from ml.engines.judges import judge_of
from ml.engines.lags import Lagged, Simple
from ml.engines.pipeline import Preprocessing
from ml.engines.port import CandidateUnknown, Problem, Session, encoded
from ml.engines.preprocessing import plain
from ml.engines.session import RecipeSession
from ml.metrics import Task
from ml.scoring import Numbers

_Maker = Callable[[Problem], Any]

_ESTIMATORS: Mapping[Task, Mapping[str, _Maker]] = MappingProxyType(
    {
        "classification": {
            "logistic": lambda asked: LogisticRegression(max_iter=1000, random_state=asked.seed),
            "ridge": lambda asked: RidgeClassifier(random_state=asked.seed),
            "bayes": lambda _asked: GaussianNB(),
            "tree": lambda asked: DecisionTreeClassifier(random_state=asked.seed),
            "forest": lambda asked: RandomForestClassifier(n_jobs=1, random_state=asked.seed),
            "boosting": lambda asked: HistGradientBoostingClassifier(random_state=asked.seed),
            "dummy": lambda _asked: DummyClassifier(strategy="prior"),
        },
        "regression": {
            "ridge": lambda asked: Ridge(random_state=asked.seed),
            "lasso": lambda asked: Lasso(random_state=asked.seed),
            "neighbors": lambda _asked: KNeighborsRegressor(n_jobs=1),
            "tree": lambda asked: DecisionTreeRegressor(random_state=asked.seed),
            "forest": lambda asked: RandomForestRegressor(n_jobs=1, random_state=asked.seed),
            "boosting": lambda asked: HistGradientBoostingRegressor(random_state=asked.seed),
            "dummy": lambda _asked: DummyRegressor(),
        },
        "clustering": {
            "kmeans": lambda asked: KMeans(asked.clusters, n_init=10, random_state=asked.seed),
            "minibatch": lambda asked: MiniBatchKMeans(asked.clusters, n_init=3, random_state=asked.seed),
            "mixture": lambda asked: GaussianMixture(asked.clusters, random_state=asked.seed),
            "birch": lambda asked: Birch(n_clusters=asked.clusters),
            "agglomerative": lambda asked: AgglomerativeClustering(asked.clusters),
            "dbscan": lambda _asked: DBSCAN(n_jobs=1),
        },
        "anomaly_detection": {
            "forest": lambda asked: IsolationForest(n_jobs=1, random_state=asked.seed),
            "neighbors": lambda _asked: LocalOutlierFactor(novelty=True, n_jobs=1),
            "svm": lambda _asked: OneClassSVM(),
            "elliptic": lambda asked: EllipticEnvelope(random_state=asked.seed),
        },
    }
)

_FORECASTERS: Mapping[str, Callable[[int, int], Forecaster]] = MappingProxyType(
    {
        "naive": lambda _seed, season: Simple("last", season),
        "seasonal": lambda _seed, season: Simple("season", season),
        "drift": lambda _seed, season: Simple("drift", season),
        "mean": lambda _seed, season: Simple("mean", season),
        "ridge": lambda seed, season: Lagged(Ridge(random_state=seed), season),
        "forest": lambda seed, season: Lagged(RandomForestRegressor(n_jobs=1, random_state=seed), season),
        "boosting": lambda seed, season: Lagged(HistGradientBoostingRegressor(random_state=seed), season),
    }
)


class SklearnEngine:
    """Imputation, scaling, one-hot encoding with rare levels together, and a handful of estimators per task."""

    def prepare(self, problem: Problem) -> Session:
        """Make a problem ready for its fits."""
        if problem.task == "time_series":
            return ForecastSession(_SklearnForecasts(problem.seed), problem)
        intake = Intake.learn(problem.features, problem.types)
        target, classes = encoded(problem)
        recipe = _SklearnRecipe(intake.apply(problem.features), pd.Series(target), problem)
        return RecipeSession(recipe, intake, judge_of(problem, classes), problem)


class _SklearnRecipe:
    def __init__(self, features: pd.DataFrame, target: pd.Series, problem: Problem) -> None:
        self.features = features
        self.target = target
        self._problem = problem

    def preprocessing(self) -> Preprocessing:
        return plain(self.features)

    def estimator(self, candidate: str) -> Any:
        bare = _chosen(candidate, _ESTIMATORS[self._problem.task])(self._problem)
        if self._problem.task == "clustering":
            return Clusterer(bare)
        if self._problem.task == "anomaly_detection":
            return Detector(bare, self._problem.anomalies)
        return bare


class _SklearnForecasts:
    def __init__(self, seed: int) -> None:
        self._seed = seed

    def encoding(self, features: pd.DataFrame) -> Preprocessing:
        return plain(features)

    def forecasters(self, _series: Numbers, season: int) -> Callable[[str], Forecaster]:
        return partial(_forecaster, self._seed, season)


def _forecaster(seed: int, season: int, candidate: str) -> Forecaster:
    made: Forecaster = _chosen(candidate, _FORECASTERS)(seed, season)
    return made


def _chosen(candidate: str, offered: Mapping[str, Any]) -> Any:
    if candidate not in offered:
        raise CandidateUnknown(candidate, tuple(offered))
    return offered[candidate]


ENGINE = SklearnEngine()
