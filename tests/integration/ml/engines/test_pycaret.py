"""The PyCaret engine against PyCaret itself."""

import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from ml.engines import candidates
from ml.engines.intake import Intake
from ml.engines.port import Engine, Problem, Session, encoded
from ml.metrics import Task
from ml.splits import Split
from tests.builders.problems import a_classification, a_regression

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CLASSIFIERS = ("lr", "knn", "nb", "dt", "svm", "ridge", "rf", "ada", "gbc", "lda", "et", "lightgbm", "dummy")
REGRESSORS = ("lr", "lasso", "ridge", "omp", "br", "huber", "knn", "dt", "rf", "gbr", "lightgbm", "dummy")
DECIDE_BY_DECISION = {"lr", "svm", "ridge", "ada", "gbc", "lda"}
"""They give decisions, which PyCaret mistakes for probabilities when there are three classes: an AUC of 0."""


@dataclass(frozen=True)
class OneSplit:
    """What PyCaret takes as ``fold=`` to make one of our splits."""

    ours: Split
    n_splits: int = 1

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[Any, Any]]:  # noqa: N803
        yield self.ours.train, self.ours.test

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:  # noqa: N803
        return self.n_splits


@dataclass(frozen=True)
class Race:
    """One problem, ready in our engine and in PyCaret."""

    session: Session
    experiment: Any

    def ours(self, candidate: str, split: Split) -> dict[str, float | None]:
        return self.session.fit(candidate, split.train, split.test).scores

    def theirs(self, candidate: str, split: Split) -> dict[str, float]:
        self.experiment.create_model(candidate, fold=OneSplit(split), refit=False, verbose=False, round=14)
        scores = self.experiment.pull().iloc[0].to_dict()
        return {"Precision" if name == "Prec." else name: score for name, score in scores.items()}


def a_race(engine: Engine, problem: Problem, *, through_a_file: bool = False) -> Race:
    target, _classes = encoded(problem)
    features = Intake.learn(problem.features, problem.types).apply(problem.features)
    session = engine.prepare(problem)
    return Race(
        pickle.loads(pickle.dumps(session)) if through_a_file else session,
        import_module("ml.engines.pycaret").experiment_of(features, target, problem.task, problem.seed),
    )


@pytest.fixture(scope="module")
def two_classes(pycaret: Engine) -> Race:
    return a_race(pycaret, a_classification(("no", "yes")))


@pytest.fixture(scope="module")
def three_classes(pycaret: Engine) -> Race:
    return a_race(pycaret, a_classification(("a", "b", "c")), through_a_file=True)


@pytest.fixture(scope="module")
def numbers(pycaret: Engine) -> Race:
    return a_race(pycaret, a_regression(), through_a_file=True)


@pytest.mark.parametrize("candidate", CLASSIFIERS)
def test_scores_of_two_classes_are_pycaret_s_own_on_each_fold(two_classes: Race, candidate: str) -> None:
    for split in two_classes.session.folds(3):
        assert two_classes.ours(candidate, split) == pytest.approx(two_classes.theirs(candidate, split), abs=1e-12)


@pytest.mark.parametrize("candidate", REGRESSORS)
def test_scores_of_a_regression_are_pycaret_s_own_on_each_fold(numbers: Race, candidate: str) -> None:
    for split in numbers.session.folds(3):
        assert numbers.ours(candidate, split) == pytest.approx(numbers.theirs(candidate, split), rel=1e-9)


@pytest.mark.parametrize("candidate", CLASSIFIERS)
def test_only_the_auc_that_pycaret_gets_wrong_differs_with_three_classes(three_classes: Race, candidate: str) -> None:
    split = three_classes.session.folds(3)[0]
    ours, theirs = three_classes.ours(candidate, split), three_classes.theirs(candidate, split)
    if candidate in DECIDE_BY_DECISION:
        repaired, wrong = ours.pop("AUC"), theirs.pop("AUC")
        assert wrong == 0
        assert repaired is not None
        assert 0 < repaired <= 1
    assert ours == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_the_roster_is_pycaret_s_own_list_of_what_is_quick(two_classes: Race, numbers: Race, task: Task) -> None:
    models = (two_classes if task == "classification" else numbers).experiment.models()
    quick = models[models["Turbo"]]
    assert sorted(candidates("pycaret", task)) == sorted(zip(quick.index, quick["Name"], strict=True))


def test_whole_numbers_too_great_for_the_trained_type_are_not_wrapped(pycaret: Engine) -> None:
    problem = a_regression()
    fitted = pycaret.prepare(problem).refit("lr")
    years = np.array([10.0, 130.0, 250.0])
    rows = problem.features.iloc[[0, 0, 0]].assign(**{"age in years": years})
    first, second, third = fitted.predict(rows)
    assert third - second == pytest.approx(second - first, rel=1e-3)
