"""Who races: PyCaret's candidates by its ids, made by scikit-learn as it makes them, or one booster many times over."""

from collections.abc import Callable, Mapping
from typing import Any

from lightgbm import LGBMClassifier, LGBMRegressor
from sklearn import (
    discriminant_analysis,
    dummy,
    ensemble,
    linear_model,
    naive_bayes,
    neighbors,
    tree,
)

from ml.metrics import Task

TWINS = 10
_TREES = 30
"""Of a forest; PyCaret's 100 would make a race of 5,000 rows last too long."""
_TWIN_TREES = 50

Candidates = Mapping[str, Callable[[], Any]]


def candidates_of(task: Task, seed: int) -> Candidates:
    """Return how each candidate is made, by its id."""
    return _classifiers(seed) if task == "classification" else _regressors(seed)


def twins_of(task: Task, seed: int) -> Candidates:
    """Return candidates that differ by their dice alone: none of them is truly better."""
    kind = LGBMClassifier if task == "classification" else LGBMRegressor
    dice = {"subsample": 0.7, "subsample_freq": 1, "colsample_bytree": 0.7, "n_jobs": 1, "verbose": -1}
    return {
        f"twin{number}": _made(kind, n_estimators=_TWIN_TREES, **dice, random_state=seed * TWINS + number)
        for number in range(TWINS)
    }


def _classifiers(seed: int) -> Candidates:
    dice = {"random_state": seed}
    return {
        "lr": _made(linear_model.LogisticRegression, max_iter=1000, **dice),
        "knn": _made(neighbors.KNeighborsClassifier),
        "nb": _made(naive_bayes.GaussianNB),
        "dt": _made(tree.DecisionTreeClassifier, **dice),
        "svm": _made(linear_model.SGDClassifier, tol=0.001, eta0=0.001, **dice),
        "ridge": _made(linear_model.RidgeClassifier, **dice),
        "rf": _made(ensemble.RandomForestClassifier, _TREES, **dice),
        "qda": _made(discriminant_analysis.QuadraticDiscriminantAnalysis),
        "ada": _made(ensemble.AdaBoostClassifier, algorithm="SAMME", **dice),
        "gbc": _made(ensemble.GradientBoostingClassifier, **dice),
        "lda": _made(discriminant_analysis.LinearDiscriminantAnalysis),
        "et": _made(ensemble.ExtraTreesClassifier, _TREES, **dice),
        "lightgbm": _made(LGBMClassifier, n_jobs=1, verbose=-1, **dice),
        "dummy": _made(dummy.DummyClassifier, strategy="prior", **dice),
    }


def _regressors(seed: int) -> Candidates:
    dice = {"random_state": seed}
    return {
        "lr": _made(linear_model.LinearRegression),
        "lasso": _made(linear_model.Lasso, **dice),
        "ridge": _made(linear_model.Ridge, **dice),
        "en": _made(linear_model.ElasticNet, **dice),
        "br": _made(linear_model.BayesianRidge),
        "huber": _made(linear_model.HuberRegressor),
        "knn": _made(neighbors.KNeighborsRegressor),
        "dt": _made(tree.DecisionTreeRegressor, **dice),
        "rf": _made(ensemble.RandomForestRegressor, _TREES, **dice),
        "et": _made(ensemble.ExtraTreesRegressor, _TREES, **dice),
        "ada": _made(ensemble.AdaBoostRegressor, **dice),
        "gbr": _made(ensemble.GradientBoostingRegressor, **dice),
        "lightgbm": _made(LGBMRegressor, n_jobs=1, verbose=-1, **dice),
        "dummy": _made(dummy.DummyRegressor),
    }


def _made(kind: Callable[..., Any], *given: object, **named: object) -> Callable[[], Any]:
    return lambda: kind(*given, **named)
