"""Reports by a real child, of every task."""

from io import BytesIO

import pandas as pd
import pyarrow.parquet as pq
import pytest

from contracts.ids import ModelVersionId
from contracts.message import Message
from contracts.reports import ModelVersionReported, ReportRefused
from tests.builders.messages import EXPERIMENT, NOON
from tests.builders.raced import RACES
from tests.integration.services.training.worker.conftest import Worker

TABLES = {
    "classification": {"roc", "areas", "calibration", "confusion", "slices", "importance", "influence"},
    "regression": {"residuals", "residual_points", "slices", "importance", "influence", "partial_dependence"},
    "clustering": {"groups", "group_features", "agreement", "importance", "influence", "individual_lines"},
    "anomaly_detection": {"anomaly_scores", "unusual_rows", "unusual_values", "importance", "influence"},
    "time_series": {"forecasts", "steps", "residual_autocorrelation", "slices", "importance", "influence"},
}


def reported(facts: list[Message]) -> ModelVersionReported:
    (fact,) = facts
    assert isinstance(fact, ModelVersionReported), fact
    return fact


def refused(facts: list[Message]) -> ReportRefused:
    (fact,) = facts
    assert isinstance(fact, ReportRefused), fact
    return fact


def tables_of(worker: Worker, fact: ModelVersionReported) -> dict[str, pd.DataFrame]:
    found = {each.name: pq.read_table(BytesIO(worker.objects.read(each.key))).to_pandas() for each in fact.tables}
    assert {each.name: each.rows for each in fact.tables} == {name: len(table) for name, table in found.items()}
    return found


@pytest.mark.parametrize("task", RACES)
def test_a_model_version_of_any_task_is_reported(worker: Worker, task: str) -> None:
    problem, candidate = RACES[task]
    version = worker.race(problem, candidate)
    fact = reported(worker.report(version.model_version_id))
    assert (fact.experiment_id, fact.candidate, fact.task) == (EXPERIMENT, version.candidate, task)
    assert (fact.folds, fact.created_at) == (3, NOON)
    tables = tables_of(worker, fact)
    assert not TABLES[task] - tables.keys()
    assert [each.name for each in fact.tables[:2]] == ["score_means", "scores"]
    assert set(tables["scores"]["fold"]) == {0, 1, 2}
    assert fact.metric in set(tables["score_means"]["metric"])
    assert worker.has_work_in_hand()


def test_a_repeated_question_gets_the_same_answer_without_another_look(worker: Worker) -> None:
    id_ = worker.race(*RACES["regression"]).model_version_id
    first = reported(worker.report(id_))
    for key in worker.objects.keys("predictions"):
        worker.objects.delete(key)
    assert reported(worker.report(id_)) == first


def test_an_unknown_model_version_is_refused(worker: Worker) -> None:
    refusal = refused(worker.report(ModelVersionId("mv-0")))
    assert (refusal.model_version_id, refusal.reason) == ("mv-0", "ModelVersionUnknown")


@pytest.mark.parametrize(
    ("prefix", "reason", "words"),
    [
        ("predictions", "EvidenceMissing", "What logistic predicted on fold"),
        ("models", "EvidenceMissing", "The artifact cannot be found"),
        ("plans", "EvidenceMissing", "The plan cannot be found"),
        ("fits", "FoldsUnknown", "No fold of Logistic"),
    ],
)
def test_what_is_gone_is_named(worker: Worker, prefix: str, reason: str, words: str) -> None:
    id_ = worker.race(*RACES["classification"]).model_version_id
    for key in worker.objects.keys(prefix):
        worker.objects.delete(key)
    refusal = refused(worker.report(id_))
    assert (refusal.reason, refusal.cause[: len(words)]) == (reason, words)


def test_a_damaged_artifact_is_not_unpickled(worker: Worker) -> None:
    version = worker.race(*RACES["classification"])
    worker.objects.delete(version.artifact)
    worker.objects.create(version.artifact, [b"something else"])
    refusal = refused(worker.report(version.model_version_id))
    assert refusal.reason == "EvidenceDamaged"
    assert version.artifact in refusal.cause


def test_a_candidate_that_raced_fewer_folds_is_reported_by_them_and_the_reader_told(worker: Worker) -> None:
    version = worker.race(*RACES["regression"], budget=2)
    fact = reported(worker.report(version.model_version_id))
    assert fact.folds == 2
    assert "2 of 3 folds were raced, and have predictions." in fact.notes


def test_a_worker_that_died_before_it_could_write_it_down_finds_the_same_tables_again(worker: Worker) -> None:
    version = worker.race(*RACES["regression"])
    whole = reported(worker.report(version.model_version_id))
    (record,) = (key for key in worker.objects.keys("reports") if key.endswith(".json"))
    worker.objects.delete(record)
    again = reported(worker.report(version.model_version_id))
    assert again.tables == whole.tables
