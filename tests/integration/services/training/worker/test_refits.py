import json
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import mlflow.pyfunc
import mlflow.sklearn
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from contracts.ids import ExperimentId
from contracts.message import Message
from contracts.training import ModelVersionCreated, Plan, RefitFailed
from infra.objects import Objects
from ml.metrics import Task
from tests.builders import a_candidate_retired, an_experiment_cancelled
from tests.builders.messages import EXPERIMENT, NOON
from tests.builders.races import a_refit_of, a_stored_plan
from tests.integration.services.training.worker.conftest import Worker


def created(facts: list[Message]) -> ModelVersionCreated:
    (fact,) = facts
    assert isinstance(fact, ModelVersionCreated), fact
    return fact


def unpacked(fact: ModelVersionCreated, objects: Objects, folder: Path) -> Path:
    archive = folder / "model.zip"
    objects.fetch(fact.artifact, fact.artifact_digest, archive)
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder / "model")
    return folder / "model"


def features_of(plan: Plan, objects: Objects, folder: Path) -> pd.DataFrame:
    objects.fetch(plan.data, plan.data_digest, folder / "rows.parquet")
    return pq.read_table(folder / "rows.parquet").to_pandas()[[feature.name for feature in plan.features]]


def test_a_refit_makes_a_model_version_known_by_its_plan_and_candidate(worker: Worker) -> None:
    plan, digest = a_stored_plan(worker.objects)
    fact = created(worker.refit(a_refit_of(digest)))
    assert (fact.experiment_id, fact.plan_digest, fact.created_at) == (EXPERIMENT, digest, NOON)
    assert (fact.dataset, fact.dataset_version, fact.target) == (plan.dataset, plan.dataset_version, "answer")
    assert (fact.candidate.name, fact.features) == ("Logistic Regression", plan.features)
    assert fact.classes == ("adelie", "gentoo")
    assert sha256(worker.objects.read(fact.artifact)).hexdigest() == fact.artifact_digest


def test_a_repeated_refit_gives_the_same_model_version(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    first = created(worker.refit(a_refit_of(digest)))
    other = created(worker.refit(a_refit_of(digest, experiment=ExperimentId("exp-2"))))
    assert other == first.model_copy(update={"experiment_id": ExperimentId("exp-2")})


@pytest.mark.parametrize(("task", "candidate"), [("classification", "forest"), ("regression", "ridge")])
def test_mlflow_s_own_client_predicts_what_the_pipeline_does(
    worker: Worker, tmp_path: Path, task: Task, candidate: str
) -> None:
    plan, digest = a_stored_plan(worker.objects, task=task)
    folder = unpacked(created(worker.refit(a_refit_of(digest, candidate))), worker.objects, tmp_path)
    rows = features_of(plan, worker.objects, tmp_path)
    by_mlflow = mlflow.pyfunc.load_model(str(folder)).predict(rows)
    pipeline = mlflow.sklearn.load_model(str(folder))
    assert np.array_equal(by_mlflow, pipeline.predict(rows))
    if task == "classification":
        assert set(by_mlflow) == {"adelie", "gentoo"}
        chosen = pipeline.classes_[pipeline.predict_proba(rows).argmax(axis=1)]
        assert list(chosen) == list(by_mlflow)


def test_the_model_answers_its_example_and_rows_with_gaps(worker: Worker, tmp_path: Path) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    fact = created(worker.refit(a_refit_of(digest)))
    model = mlflow.pyfunc.load_model(str(unpacked(fact, worker.objects, tmp_path)))
    example = json.loads(fact.example)
    assert list(example) == [feature.name for feature in fact.features]
    row = pd.DataFrame([example])
    gaps = row.assign(island=None, **{"age in years": np.nan, "hatched": None})
    unseen = row.assign(island="Elsewhere")
    for rows in (row, gaps, unseen, row.drop(columns=["sex", "visits", "seen at"])):
        assert model.predict(rows)[0] in fact.classes


def test_the_artifact_needs_libraries_only(worker: Worker, tmp_path: Path) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    fact = created(worker.refit(a_refit_of(digest)))
    folder = unpacked(fact, worker.objects, tmp_path)
    script = (
        "import json, pickle, sys, pandas\n"
        "model = pickle.load(open(sys.argv[1], 'rb'))\n"
        "assert not {'ml', 'contracts', 'services'} & sys.modules.keys()\n"
        "print(model.predict(pandas.DataFrame([json.loads(sys.argv[2])]))[0])"
    )
    command = [sys.executable, "-I", "-c", script, str(folder / "model.pkl"), fact.example]
    assert subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path).stdout.strip() == "adelie"


def test_a_candidate_that_cannot_be_refitted_is_refused(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    (refusal,) = worker.refit(a_refit_of(digest, "oracle"))
    assert isinstance(refusal, RefitFailed)
    assert refusal.reason == "CandidateUnknown"
    assert "oracle" in refusal.cause


def test_a_refit_of_a_plan_that_is_gone_is_refused(worker: Worker) -> None:
    (refusal,) = worker.refit(a_refit_of("0" * 64))
    assert isinstance(refusal, RefitFailed)
    assert refusal.reason == "ObjectMissing"


def test_a_refit_of_a_cancelled_experiment_is_not_begun(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    worker.workbench.give_up(an_experiment_cancelled())
    assert worker.refit(a_refit_of(digest)) == []


def test_a_retired_candidate_can_be_refitted(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    worker.workbench.give_up(a_candidate_retired("logistic", folds=1))
    created(worker.refit(a_refit_of(digest)))
