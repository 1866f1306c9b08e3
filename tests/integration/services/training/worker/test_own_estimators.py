"""A person's own class races and becomes a model version; only the worker's child imports it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import mlflow.pyfunc
import pytest

from contracts.ids import CandidateId, ExperimentId
from contracts.message import Message
from contracts.training import Candidate, FitCompleted, FitFailed, ModelVersionCreated
from ml.metrics import Task
from tests.builders.races import a_fit_of, a_refit_of, a_stored_plan
from tests.integration.services.training.worker.conftest import Worker
from tests.integration.services.training.worker.test_refits import created, features_of, unpacked

SHARED = "def first(values): return sorted(set(values))[0]"
MODELS = """
import numpy as np
from sklearn.base import BaseEstimator
from acme.shared import first

class Steady(BaseEstimator):
    def fit(self, rows, target):
        self.answer_ = first(target)
        return self
    def predict(self, rows):
        return np.full(len(rows), self.answer_)

class Between(Steady):
    def predict(self, rows):
        return np.full(len(rows), 0.5)

class Column(Steady):
    def predict(self, rows):
        return super().predict(rows)[:, None]

class Short(Steady):
    def predict(self, rows):
        return super().predict(rows)[1:]

class Wordy(Steady):
    def predict(self, rows):
        return np.full(len(rows), "yes")
"""
STEADY = "acme.models:Steady"


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a package that nobody installed."""
    folder = tmp_path_factory.mktemp("own") / "acme"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "shared.py").write_text(SHARED)
    (folder / "models.py").write_text(MODELS)
    return folder


@pytest.fixture(scope="module")
def warm_server(acme: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, int]]:
    socket = tmp_path_factory.mktemp("warm") / "s"
    command = [sys.executable, "-m", "infra.workers", "--socket", str(socket)]
    preloaded = ("--preload", "ml.engines.sklearn", "--preload", "services.training.worker.fitting")
    environment = {**os.environ, "PYTHONPATH": str(acme.parent), "PYTHONDONTWRITEBYTECODE": "1"}  # noqa: TID251
    with subprocess.Popen([*command, *preloaded], env=environment) as server:
        yield socket, server.pid
        server.kill()


def a_plan_with(worker: Worker, *paths: str, task: Task = "classification") -> str:
    candidates = tuple(Candidate(id=CandidateId(path), name=path) for path in paths)
    return a_stored_plan(worker.objects, task, candidates=candidates)[1]


def failure(facts: list[Message]) -> str:
    (fact,) = facts
    assert isinstance(fact, FitFailed), fact
    assert fact.reason == "CandidateFailed"
    return fact.detail


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("path", [STEADY, "acme.models:Column"])
def test_a_class_of_one_s_own_is_fitted_like_any_candidate(worker: Worker, task: Task, path: str) -> None:
    (fact,) = worker.fit(a_fit_of(a_plan_with(worker, path, task=task), path))
    assert isinstance(fact, FitCompleted), fact
    assert fact.candidate == path
    assert fact.rows == 40


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("acme.gone:Steady", "the workers cannot import acme.gone (ModuleNotFoundError"),
        ("acme.models:Stedy", "the module acme.models has no Stedy"),
        ("acme.models:Between", "Is it a classifier?"),
        ("acme.models:Short", "predicted 39 values for 40 rows"),
        ("acme.models:Wordy", "predicted what is no finite number"),
    ],
)
def test_a_class_that_cannot_race_fails_with_cause_and_the_next_one_races(
    worker: Worker, path: str, words: str
) -> None:
    digest = a_plan_with(worker, path, STEADY)
    assert words in failure(worker.fit(a_fit_of(digest, path)))
    assert isinstance(worker.fit(a_fit_of(digest, STEADY))[0], FitCompleted)


def test_a_model_version_of_a_class_that_nobody_installed_answers_where_it_cannot_be_imported(
    worker: Worker, tmp_path: Path
) -> None:
    plan, digest = a_stored_plan(
        worker.objects, candidates=(Candidate(id=CandidateId(STEADY), name="Steady (acme.models)"),)
    )
    folder = unpacked(created(worker.refit(a_refit_of(digest, STEADY))), worker.objects, tmp_path)
    assert "acme" not in sys.modules
    answers = mlflow.pyfunc.load_model(str(folder)).predict(features_of(plan, worker.objects, tmp_path))
    assert set(answers) == {"adelie"}


def test_a_model_version_of_an_installed_class_names_what_it_was_installed_with(worker: Worker, tmp_path: Path) -> None:
    path = "lightgbm:LGBMClassifier"
    fact = created(worker.refit(a_refit_of(a_plan_with(worker, path), path)))
    needs = (unpacked(fact, worker.objects, tmp_path) / "requirements.txt").read_text().split()
    assert [need.partition("==")[0] for need in needs].count("lightgbm") == 1


def test_the_next_experiment_races_the_class_as_it_is_then(worker: Worker, acme: Path) -> None:
    digest = a_plan_with(worker, STEADY)
    first = created(worker.refit(a_refit_of(digest, STEADY)))
    (acme / "shared.py").write_text(SHARED.replace("[0]", "[-1]"))
    second = created(worker.refit(a_refit_of(digest, STEADY, ExperimentId("exp-2"))))
    (acme / "shared.py").write_text(SHARED)
    assert first.model_version_id != second.model_version_id
    assert answers_of(first, worker) == "adelie"
    assert answers_of(second, worker) == "gentoo"


def answers_of(fact: ModelVersionCreated, worker: Worker) -> str:
    folder = worker.cache.path_of(fact.artifact, fact.artifact_digest).parent / fact.model_version_id
    folder.mkdir()
    model = mlflow.pyfunc.load_model(str(unpacked(fact, worker.objects, folder)))
    return str(model.predict(model.input_example)[0])
