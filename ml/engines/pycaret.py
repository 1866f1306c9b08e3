"""The engine of PyCaret: its preprocessing and its estimators as ``setup()`` configures them, trained fold by fold.

PyCaret takes over the process's stdout and is not safe for threads: import this in a process of its own, one experiment
at a time. ``PYCARET_CUSTOM_LOGGING_PATH`` must be set before, or it writes a log file where it stands.
"""

from types import MappingProxyType
from typing import Any

import pandas as pd
from pycaret.classification import ClassificationExperiment
from pycaret.regression import RegressionExperiment
from sklearn.base import clone

from ml.engines.intake import Intake
from ml.engines.port import CandidateUnknown, Problem, encoded
from ml.engines.rosters import PYCARET
from ml.engines.session import RecipeSession
from ml.engines.steps import Steps
from ml.metrics import Task

_EXPERIMENTS = MappingProxyType({"classification": ClassificationExperiment, "regression": RegressionExperiment})


class PyCaretEngine:
    """PyCaret 3.3, one ``setup()`` per problem."""

    def prepare(self, problem: Problem) -> RecipeSession:
        """Make a problem ready for its fits."""
        intake = Intake.learn(problem.features, problem.types)
        target, classes = encoded(problem)
        experiment = experiment_of(intake.apply(problem.features), target, problem.task, problem.seed)
        recipe = _PyCaretRecipe(experiment, problem.task)
        return RecipeSession(recipe, intake, classes, problem.task, problem.seed)


def experiment_of(features: pd.DataFrame, target: Any, task: Task, seed: int) -> Any:
    """Return a PyCaret experiment set up to train on all of these rows.

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
    experiment.setup(
        data, target=name, test_data=aside, session_id=seed, n_jobs=1, html=False, verbose=False, memory=False
    )
    return experiment


class _PyCaretRecipe:
    def __init__(self, experiment: Any, task: Task) -> None:
        self.features: pd.DataFrame = experiment.X_train
        self.target: pd.Series = experiment.y_train
        self._experiment = experiment
        self._offered = tuple(candidate for candidate, _name in PYCARET[task])

    def preprocessing(self) -> Steps:
        steps = [clone(step) for _name, step in self._experiment.pipeline.steps if step is not None]
        return Steps(steps, dict(self.features.dtypes))

    def estimator(self, candidate: str) -> Any:
        if candidate not in self._offered:
            raise CandidateUnknown(candidate, self._offered)
        configured = self._experiment._all_models_internal[candidate]
        return clone(configured.class_def(**configured.args))


ENGINE = PyCaretEngine()
