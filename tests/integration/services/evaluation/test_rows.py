"""The rows of a fold, read as workers store them: their mean is the score that the fit stated."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.ids import CandidateId, FitId
from contracts.ingest import Column
from contracts.plans import canonical
from contracts.training import Plan, Task
from infra.objects import Stored
from infra.objects.store import open_objects
from ml.metrics import CLASSIFICATION, REGRESSION
from services.evaluation.domain.outcome import Outcome
from services.evaluation.rows import StoredRows
from services.training.worker.fitting import fit
from services.training.worker.work import Work
from tests.builders import a_plan

ROWS = 150
TARGETS: dict[str, Task] = {"two": "classification", "three": "classification", "amount": "regression"}
FEATURES = tuple(Column(name=name, type="float", missing=0, distinct=ROWS) for name in ("length", "width"))
RANKED_BY = [
    *((target, metric) for target in ("two", "three") for metric in CLASSIFICATION),
    *(("amount", metric) for metric in REGRESSION),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    random = np.random.default_rng(4)
    length, width = random.normal(size=ROWS), random.normal(size=ROWS)
    signal = length + random.normal(size=ROWS)
    columns = {
        "length": length,
        "width": width,
        "two": np.where(signal > 0, "yes", "no"),
        "three": np.digitize(signal, [-0.7, 0.7]),
        "amount": 3 + signal,
        "patient": np.arange(ROWS) // 3,
    }
    path = tmp_path_factory.mktemp("rows") / "data.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def a_plan_for(target: str, metric: str, groups: str | None = None) -> Plan:
    task = TARGETS[target]
    return a_plan(
        target=target, task=task, metric=metric, rows=ROWS, folds=3, features=FEATURES, groups=groups, engine="sklearn"
    )


def scored(plan: Plan, data: Path, candidate: str, objects: Path) -> Outcome:
    """Return what a worker's fit of the second fold said, its predictions stored."""
    predictions = data.parent / f"{candidate}.parquet"
    report = fit(Work(canonical(plan), data, candidate), fold=1, predictions=predictions)
    stored: Stored = open_objects(objects.as_uri()).put_file("predictions", predictions)
    return Outcome(FitId(candidate), CandidateId(candidate), 1, report.scores[plan.metric], predictions=stored.key)


@pytest.mark.parametrize(("target", "metric"), RANKED_BY)
def test_their_mean_is_the_score_of_the_fit(target: str, metric: str, data: Path, tmp_path: Path) -> None:
    plan = a_plan_for(target, metric)
    names = ("ridge", "tree", "dummy") if target == "amount" else ("logistic", "tree", "dummy")
    fits = [scored(plan, data, name, tmp_path) for name in names]
    told = StoredRows(open_objects(tmp_path.as_uri())).of(plan, [one for one in fits if one.score is not None])
    assert told is not None
    assert told.groups is None
    for one in fits:
        if one.score is not None:
            assert told.scores[one.candidate].mean() == pytest.approx(one.score, abs=1e-10)


def test_the_rows_of_a_group_are_told(data: Path, tmp_path: Path) -> None:
    plan = a_plan_for("two", "AUC", groups="patient")
    fits = [scored(plan, data, name, tmp_path) for name in ("logistic", "tree")]
    told = StoredRows(open_objects(tmp_path.as_uri())).of(plan, fits)
    assert told is not None
    assert told.groups is not None
    assert sorted(np.unique(told.groups, return_counts=True)[1].tolist()) == [3] * len(np.unique(told.groups))


def test_what_is_gone_or_has_no_rows_is_none(data: Path, tmp_path: Path) -> None:
    plan = a_plan_for("two", "AUC")
    one = scored(plan, data, "tree", tmp_path)
    rows = StoredRows(open_objects(tmp_path.as_uri()))
    gone = Outcome(FitId("f"), CandidateId("logistic"), 1, 0.5, predictions="predictions/gone.parquet")
    assert rows.of(plan, [one, gone]) is None
    assert rows.of(plan, [Outcome(FitId("f"), CandidateId("tree"), 1, 0.5)]) is None
    assert rows.of(a_plan(task="clustering", target="", metric="Silhouette"), [one]) is None
