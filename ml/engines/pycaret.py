"""The engine of PyCaret: its preprocessing and its estimators as ``setup()`` configures them, trained fold by fold.

PyCaret takes over the process's stdout and is not safe for threads: import this in a process of its own, one experiment
at a time. ``PYCARET_CUSTOM_LOGGING_PATH`` must be set before, or it writes a log file where it stands.
"""

from collections.abc import Callable
from functools import partial
from types import MappingProxyType
from typing import Any

import pandas as pd
from lightgbm import LGBMRegressor
from pycaret.anomaly import AnomalyExperiment
from pycaret.classification import ClassificationExperiment
from pycaret.clustering import ClusteringExperiment
from pycaret.regression import RegressionExperiment
from sklearn.base import clone

from ml.engines.clusterer import Clusterer
from ml.engines.detector import Detector
from ml.engines.forecaster import Forecaster, SktimeForecaster
from ml.engines.forecasting import ForecastSession
from ml.engines.intake import Intake
from ml.engines.judges import judge_of
from ml.engines.pipeline import Preprocessing
from ml.engines.port import CandidateUnknown, Problem, Session, encoded
from ml.engines.preprocessing import plain
from ml.engines.rosters import PYCARET
from ml.engines.session import RecipeSession
from ml.engines.steps import Steps
from ml.metrics import Task
from ml.scoring import Numbers

_EXPERIMENTS = MappingProxyType({"classification": ClassificationExperiment, "regression": RegressionExperiment})
_UNLABELLED = MappingProxyType({"clustering": ClusteringExperiment, "anomaly_detection": AnomalyExperiment})


class SeasonMissing(ValueError):
    """PyCaret has this candidate for seasonal series only."""

    def __init__(self) -> None:
        super().__init__(
            "it needs a season, and two of them before each fold: name one, or ask for fewer folds or steps"
        )


class PyCaretEngine:
    """PyCaret 3.3, one ``setup()`` per problem, or per past of a time series."""

    def prepare(self, problem: Problem) -> Session:
        """Make a problem ready for its fits."""
        if problem.task == "time_series":
            return ForecastSession(_PyCaretForecasts(problem.seed), problem)
        intake = Intake.learn(problem.features, problem.types)
        target, classes = encoded(problem)
        features = intake.apply(problem.features)
        if problem.task in _UNLABELLED:
            recipe: _PyCaretRecipe = _Unlabelled(unlabelled_experiment_of(features, problem), problem)
        else:
            recipe = _PyCaretRecipe(experiment_of(features, target, problem.task, problem.seed), problem.task)
        return RecipeSession(recipe, intake, judge_of(problem, classes), problem)


def unlabelled_experiment_of(features: pd.DataFrame, problem: Problem) -> Any:
    """Return a PyCaret experiment of a task without a target, set up to train on all of these rows.

    Numbers are scaled, which PyCaret does when it is asked: distances would otherwise be those of the widest column.
    """
    experiment = _UNLABELLED[problem.task]()
    experiment.setup(
        features.reset_index(drop=True),
        normalize=True,
        session_id=problem.seed,
        n_jobs=1,
        html=False,
        verbose=False,
        memory=False,
    )
    return experiment


def experiment_of(features: pd.DataFrame, target: Any, task: Task, seed: int, **settings: Any) -> Any:
    """Return a PyCaret experiment set up to train on all of these rows; ``settings`` are those of its ``setup()``.

    One thread, because mlp and others give other numbers with more.
    """
    features = features.reset_index(drop=True)
    name = "target"
    while name in features:
        name += "_"
    data = features.assign(**{name: target})
    # Without test rows of ours PyCaret would keep a third of the data from training; it uses none of them in a fit.
    aside = data.tail(1).set_axis([len(data)])
    experiment = _EXPERIMENTS[task]()
    settings = {"n_jobs": 1, "memory": False, **settings}
    experiment.setup(data, target=name, test_data=aside, session_id=seed, html=False, verbose=False, **settings)
    return experiment


class _PyCaretRecipe:
    def __init__(self, experiment: Any, task: Task) -> None:
        self.features: pd.DataFrame = experiment.X_train
        self.target: pd.Series = experiment.y_train
        self._take(experiment, task)

    def _take(self, experiment: Any, task: Task) -> None:
        """Keep what fits need of an experiment, and let the rest of it go."""
        self._steps = [clone(step) for _name, step in experiment.pipeline.steps if step is not None]
        self._offered = tuple(candidate for candidate, _name in PYCARET[task])
        models = experiment._all_models_internal
        self._models = {name: (models[name].class_def, models[name].args) for name in self._offered if name in models}

    def preprocessing(self) -> Steps:
        return Steps([clone(step) for step in self._steps], dict(self.features.dtypes))

    def estimator(self, candidate: str) -> Any:
        if candidate not in self._offered:
            raise CandidateUnknown(candidate, self._offered)
        made, settings = self._models[candidate]
        return clone(made(**settings))


class _Unlabelled(_PyCaretRecipe):
    def __init__(self, experiment: Any, problem: Problem) -> None:
        self.features = experiment.X_train
        self.target = pd.Series(problem.target, index=self.features.index)
        self._problem = problem
        self._take(experiment, problem.task)

    def estimator(self, candidate: str) -> Any:
        bare = super().estimator(candidate)
        if self._problem.task == "anomaly_detection":
            return Detector(bare.set_params(contamination=self._problem.anomalies), self._problem.anomalies)
        if "n_clusters" in bare.get_params():
            bare.set_params(n_clusters=self._problem.clusters)
        return Clusterer(bare)


class _PyCaretForecasts:
    def __init__(self, seed: int) -> None:
        self._seed = seed

    def encoding(self, features: pd.DataFrame) -> Preprocessing:
        return plain(features)

    def forecasters(self, series: Numbers, season: int) -> Callable[[str], Forecaster]:
        # A setup for each past: PyCaret chooses by the series itself whether its season adds or multiplies.
        return partial(_forecaster, forecast_experiment_of(series, season, self._seed))


def forecast_experiment_of(series: Numbers, season: int, seed: int) -> Any:
    """Return a PyCaret experiment set up for what came before."""
    # Imported for a time series only: it takes seconds more.
    from pycaret.time_series import TSForecastingExperiment  # noqa: PLC0415

    experiment = TSForecastingExperiment()
    experiment.setup(
        pd.Series(series, name="target"),
        fh=1,
        fold=1,
        seasonal_period=season,
        ignore_seasonality_test=True,
        session_id=seed,
        n_jobs=1,
        html=False,
        verbose=False,
    )
    return experiment


def _forecaster(experiment: Any, candidate: str) -> Forecaster:
    offered = tuple(candidate for candidate, _name in PYCARET["time_series"])
    if candidate not in offered:
        raise CandidateUnknown(candidate, offered)
    if candidate not in experiment._all_models_internal:
        raise SeasonMissing
    configured = experiment._all_models_internal[candidate]
    estimator = clone(configured.class_def(**configured.args))
    if isinstance(estimator.get_params().get("regressor"), LGBMRegressor):
        estimator.set_params(regressor__verbose=-1)  # it prints a line for each tree that it cannot grow
    return SktimeForecaster(estimator)


ENGINE = PyCaretEngine()
