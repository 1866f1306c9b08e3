from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.asked import AskedRows, key_of
from contracts.ids import ModelVersionId
from contracts.message import Message, Progress
from contracts.reports import (
    ExplainPrediction,
    ExplanationRefused,
    ModelVersionReported,
    PredictionExplained,
    ReportModelVersion,
    ReportRefused,
)
from contracts.training import FitInHand, ModelVersionCreated, Plan
from infra.objects import Objects
from infra.objects.store import open_objects
from infra.workers import CallFailed, WorkerDied, WorkerLost
from services.training.domain.fits import fit_id
from services.training.worker.cache import DataCache
from services.training.worker.records import Records
from services.training.worker.reports.desk import Desk
from services.training.worker.reports.handlers import explain_prediction, report_model_version
from services.training.worker.reports.papers import Findings, Papers, Sheet
from tests.builders import a_fit_completed
from tests.builders.messages import EXPERIMENT, NOON, a_model_version_created
from tests.builders.races import a_stored_plan

PREDICTION = "pred-1"
MODEL_VERSION = ModelVersionId("model-1")


class Looking:
    """A child that writes one table, or ends as the test wants, call by call."""

    def __init__(self, *endings: Exception) -> None:
        self._endings = list(endings)
        self.papers: list[Papers] = []
        self.killed = 0

    def call(self, function: str, *args: Any) -> Any:
        self.papers.append(args[0])
        if self._endings:
            raise self._endings.pop(0)
        path: Path = args[-1] / "table.parquet"
        path.write_bytes(b"a table")
        return Findings((Sheet("table", path, 7),), ("A note.",), rows=120)

    def kill(self) -> None:
        self.killed += 1


class Worker:
    """A worker's desk over a store in memory, with a model version of a plan whose folds are raced."""

    def __init__(self, folder: Path, child: Looking, folds: int = 3) -> None:
        self.objects: Objects = open_objects("memory://")
        self.records = Records(self.objects)
        self.announced: list[Progress] = []
        cache = DataCache(folder, self.objects.fetch, 2)
        self.desk = Desk(self.objects, cache, child, self.announced.append, "worker-1")
        self.plan, digest = a_stored_plan(self.objects)
        for fold in range(folds):
            self._keep_fit(self.plan, fold)
        artifact = self.objects.put("models", [b"an artifact"], ".zip")
        self.version: ModelVersionCreated = self.records.keep_model_version(
            a_model_version_created(
                model_version_id=MODEL_VERSION,
                candidate=self.plan.candidates[0],
                plan_digest=digest,
                artifact=artifact.key,
                artifact_digest=artifact.digest,
            )
        )

    def _keep_fit(self, plan: Plan, fold: int) -> None:
        predictions = self.objects.put("predictions", [f"fold {fold}".encode()], ".parquet")
        candidate = plan.candidates[0].id
        id_ = fit_id(EXPERIMENT, plan, candidate, fold)
        self.records.keep_fit(
            a_fit_completed(candidate, fold, fit_id=id_, predictions=predictions.key, fit_seconds=2.0)
        )

    def ask(self) -> None:
        asked = AskedRows(model_version_id=MODEL_VERSION, rows=({"length": 1.5},), of=1)
        self.objects.create(key_of(PREDICTION), [asked.model_dump_json().encode()])

    def report(self) -> list[Message]:
        command = ReportModelVersion(model_version_id=MODEL_VERSION)
        return report_model_version(command, self.desk, self.records, lambda: NOON)

    def explain(self) -> list[Message]:
        command = ExplainPrediction(prediction_id=PREDICTION)
        return explain_prediction(command, self.desk, self.records, lambda: NOON)


def test_a_report_names_its_tables_and_what_they_are_about(tmp_path: Path) -> None:
    child = Looking()
    worker = Worker(tmp_path, child)
    (fact,) = worker.report()
    assert isinstance(fact, ModelVersionReported)
    assert (fact.candidate, fact.metric, fact.folds, fact.rows) == (worker.plan.candidates[0], "AUC", 3, 120)
    (table,) = fact.tables
    assert (table.name, table.rows, worker.objects.read(table.key)) == ("table", 7, b"a table")
    assert table.key == f"reports/{table.digest}.parquet"
    assert fact.notes == ("A note.",)
    (papers,) = child.papers
    assert [(fold.number, fold.seconds) for fold in papers.folds] == [(0, 2.1), (1, 2.1), (2, 2.1)]


def test_who_looks_gives_signs_of_life_and_lets_the_child_go(tmp_path: Path) -> None:
    child = Looking()
    worker = Worker(tmp_path, child)
    worker.report()
    sign = worker.announced[0]
    assert isinstance(sign, FitInHand)
    assert (sign.experiment_id, sign.fold, sign.worker) == (worker.version.experiment_id, None, "worker-1")
    assert child.killed == 1


def test_a_child_that_is_killed_or_lost_with_its_server_is_followed_by_another(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Looking(WorkerLost(), WorkerDied(9), WorkerLost()))
    (fact,) = worker.report()
    assert isinstance(fact, ModelVersionReported)


@pytest.mark.parametrize("folds", [1, 2])
def test_only_folds_that_were_raced_are_reported(tmp_path: Path, folds: int) -> None:
    (fact,) = Worker(tmp_path, Looking(), folds).report()
    assert isinstance(fact, ModelVersionReported)
    assert fact.folds == folds


def test_without_any_fold_there_is_nothing_to_report(tmp_path: Path) -> None:
    (refusal,) = Worker(tmp_path, Looking(), folds=0).report()
    assert isinstance(refusal, ReportRefused)
    assert refusal.reason == "FoldsUnknown"


def test_tables_that_cannot_be_made_are_refused_in_the_words_of_what_failed(tmp_path: Path) -> None:
    (refusal,) = Worker(tmp_path, Looking(CallFailed("ValueError", "no such thing", ""))).report()
    assert isinstance(refusal, ReportRefused)
    assert refusal.reason == "ReportFailed"
    assert "ValueError: no such thing" in refusal.cause


@pytest.mark.parametrize("ask_again", [Worker.report, Worker.explain])
def test_what_was_found_once_is_said_again(tmp_path: Path, ask_again: Callable[[Worker], list[Message]]) -> None:
    child = Looking()
    worker = Worker(tmp_path, child)
    worker.ask()
    first = ask_again(worker)
    assert ask_again(worker) == first
    assert len(child.papers) == 1


def test_an_explanation_names_its_table(tmp_path: Path) -> None:
    worker = Worker(tmp_path, Looking())
    worker.ask()
    (fact,) = worker.explain()
    assert isinstance(fact, PredictionExplained)
    assert (fact.prediction_id, fact.model_version_id, fact.table.rows) == (PREDICTION, MODEL_VERSION, 7)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (CallFailed("ColumnMissing", "a row has no column 'length'", ""), "RowsUnfit"),
        (CallFailed("TooManyColumns", "9,000 columns", ""), "ExplanationFailed"),
        (WorkerDied(9, out_of_memory=True), "ExplanationFailed"),
    ],
)
def test_an_explanation_that_fails_is_refused(tmp_path: Path, error: Exception, reason: str) -> None:
    worker = Worker(tmp_path, Looking(error))
    worker.ask()
    (refusal,) = worker.explain()
    assert isinstance(refusal, ExplanationRefused)
    assert refusal.reason == reason
