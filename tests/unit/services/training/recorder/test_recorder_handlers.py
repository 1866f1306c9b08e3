import io
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from contracts.message import Message
from contracts.training import CandidateRecorded, ModelVersionCreated, ModelVersionRecorded
from infra.objects import ObjectDamaged
from infra.objects.store import open_objects
from infra.state import State
from infra.tracking import MlflowUnavailable
from services.training.recorder import handlers
from services.training.recorder.store import METADATA, RunStore
from tests.builders import (
    a_candidate_retired,
    a_fit_completed,
    a_fit_failed,
    a_model_version_created,
    an_experiment_cancelled,
    an_experiment_completed,
    an_experiment_started,
)
from tests.builders.tracking import MemoryRun, MemoryTracking


class Recorder:
    """The recorder's handlers, each call in a transaction of its own, as the bus makes them."""

    def __init__(self, folder: Path) -> None:
        self.state = State(f"sqlite:///{folder}/recorder.db", METADATA)
        self.tracking = MemoryTracking()
        self.objects = open_objects("memory://")

    def start(self) -> list[Message]:
        with self.state.transaction() as transaction:
            started = an_experiment_started()
            return handlers.on_experiment_started(started, RunStore(transaction), self.tracking, lambda: "a" * 32)

    def complete(self, candidate: str, fold: int, score: float | None) -> list[Message]:
        with self.state.transaction() as transaction:
            fit = a_fit_completed(candidate, fold, score)
            return handlers.on_fit_completed(fit, RunStore(transaction), self.tracking)

    def fail(self, candidate: str, fold: int) -> list[Message]:
        with self.state.transaction() as transaction:
            return handlers.on_fit_failed(a_fit_failed(candidate, fold), RunStore(transaction), self.tracking)

    def retire(self, candidate: str, folds: int) -> list[Message]:
        with self.state.transaction() as transaction:
            retired = a_candidate_retired(candidate, folds)
            return handlers.on_candidate_retired(retired, RunStore(transaction), self.tracking)

    def end(self) -> list[Message]:
        with self.state.transaction() as transaction:
            completed = an_experiment_completed()
            return handlers.on_experiment_completed(completed, RunStore(transaction), self.tracking)

    def cancel(self) -> list[Message]:
        with self.state.transaction() as transaction:
            cancelled = an_experiment_cancelled()
            return handlers.on_experiment_cancelled(cancelled, RunStore(transaction), self.tracking)

    def model(self, created: ModelVersionCreated) -> list[Message]:
        with self.state.transaction() as transaction:
            return handlers.on_model_version_created(
                created, RunStore(transaction), self.tracking, self.objects, lambda: None
            )

    def run(self, candidate: str) -> MemoryRun:
        return self.tracking.runs[f"run:exp-1/{candidate}"]


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(tmp_path)


def packed(recorder: Recorder) -> ModelVersionCreated:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("MLmodel", "flavors: {}")
        archive.writestr("data/weights", b"1234")
    stored = recorder.objects.put("artifacts", [buffer.getvalue()], ".zip")
    assert stored.digest == sha256(buffer.getvalue()).hexdigest()
    return a_model_version_created(artifact=stored.key, artifact_digest=stored.digest)


def test_each_candidate_has_a_run_that_says_where_it_is_from(recorder: Recorder) -> None:
    recorded = recorder.start()
    assert [message.candidate for message in recorded if isinstance(message, CandidateRecorded)] == [
        "logistic",
        "tree",
        "dummy",
    ]
    run = recorder.run("tree")
    assert (run.group, run.name, run.status) == ("penguins: species", "Decision Tree", "RUNNING")
    assert run.parameters["folds"] == "2"
    assert run.tags["trackside.plan_digest"] == an_experiment_started().plan_digest
    assert run.tags["trackside.trace_id"] == "a" * 32


def test_a_start_repeated_opens_nothing(recorder: Recorder) -> None:
    recorder.start()
    assert recorder.start() == []
    assert len(recorder.tracking.runs) == 3


def test_fold_scores_are_steps_and_a_repeat_changes_nothing(recorder: Recorder) -> None:
    recorder.start()
    recorder.complete("tree", 0, 0.8)
    recorder.complete("tree", 1, 0.9)
    before = set(recorder.run("tree").measurements)
    recorder.complete("tree", 1, 0.9)
    assert recorder.run("tree").measurements == before
    assert recorder.run("tree").values("AUC") == {0: 0.8, 1: 0.9}
    assert recorder.run("tree").values("fit_seconds") == {0: 0.5, 1: 0.5}


def test_a_metric_that_is_not_defined_is_left_out(recorder: Recorder) -> None:
    recorder.start()
    recorder.complete("tree", 0, None)
    recorder.end()
    assert recorder.run("tree").values("AUC") == {}
    assert recorder.run("tree").values("mean_AUC") == {}
    assert recorder.run("tree").values("mean_Accuracy") == {0: 0.75}


def test_the_end_brings_means_and_a_status(recorder: Recorder) -> None:
    recorder.start()
    recorder.complete("tree", 0, 0.8)
    recorder.complete("tree", 1, 0.9)
    recorder.complete("logistic", 0, 0.7)
    recorder.fail("logistic", 1)
    recorder.fail("dummy", 0)
    recorder.fail("dummy", 1)
    recorder.end()
    assert recorder.run("tree").values("mean_AUC") == {0: pytest.approx(0.85)}
    assert recorder.run("tree").values("std_AUC") == {0: pytest.approx(0.0707, abs=1e-4)}
    statuses = {name: recorder.run(name).status for name in ("tree", "logistic", "dummy")}
    assert statuses == {"tree": "FINISHED", "logistic": "FINISHED", "dummy": "FAILED"}
    tags = recorder.run("logistic").tags
    assert tags["trackside.fits"] == "1 of 2 completed, 1 failed"
    assert tags["trackside.failed.fold_1"] == "NotConverged: It did not converge in 100 steps."


def test_a_retired_candidate_s_run_says_so_and_counts_what_the_leaderboard_counts(recorder: Recorder) -> None:
    recorder.start()
    recorder.complete("dummy", 0, 0.5)
    assert recorder.retire("dummy", 1) == []
    recorder.complete("dummy", 1, 0.7)
    recorder.complete("tree", 0, 0.9)
    recorder.end()
    run = recorder.run("dummy")
    assert (run.tags["trackside.retired_after"], run.tags["trackside.fits"]) == ("1", "1 of 1 completed, 0 failed")
    assert run.tags["trackside.verdict"] == "Beaten by Logistic Regression, by 0.5."
    assert (run.values("AUC"), run.values("mean_AUC")) == ({0: 0.5, 1: 0.7}, {0: 0.5})
    assert run.status == "FINISHED"
    assert "trackside.retired_after" not in recorder.run("tree").tags


def test_a_retirement_is_recorded_once_and_when_mlflow_comes_back(recorder: Recorder) -> None:
    recorder.start()
    recorder.tracking.calls_left = 0
    with pytest.raises(MlflowUnavailable):
        recorder.retire("dummy", 1)
    recorder.tracking.calls_left = None
    recorder.retire("dummy", 1)
    recorder.retire("dummy", 2)
    assert recorder.run("dummy").tags["trackside.retired_after"] == "1"


def test_a_cancelled_experiment_kills_its_runs_and_keeps_their_scores(recorder: Recorder) -> None:
    recorder.start()
    recorder.complete("tree", 0, 0.8)
    recorder.cancel()
    assert recorder.run("tree").status == "KILLED"
    assert recorder.run("tree").values("mean_AUC") == {0: 0.8}
    recorder.complete("tree", 1, 0.9)
    assert recorder.run("tree").values("AUC") == {0: 0.8, 1: 0.9}


def test_facts_of_an_unknown_experiment_are_passed_over(recorder: Recorder) -> None:
    assert recorder.complete("tree", 0, 0.8) == recorder.fail("tree", 0) == recorder.end() == []
    assert recorder.retire("tree", 1) == []
    assert recorder.tracking.runs == {}


@pytest.mark.parametrize("calls", range(6))
def test_mlflow_going_away_in_the_middle_loses_and_doubles_nothing(recorder: Recorder, calls: int) -> None:
    recorder.tracking.calls_left = calls
    with pytest.raises(MlflowUnavailable):
        recorder.start()
    recorder.tracking.calls_left = None
    assert len(recorder.start()) == 3
    assert len(recorder.tracking.runs) == 3


def test_a_model_version_is_stored_and_registered_once(recorder: Recorder) -> None:
    created = packed(recorder)
    (recorded,) = recorder.model(created)
    assert isinstance(recorded, ModelVersionRecorded)
    assert (recorded.registered_name, recorded.registered_version) == ("penguins-species", "1")
    run = recorder.tracking.runs[recorded.run_id]
    assert run.status == "FINISHED"
    assert run.files == {"MLmodel": b"flavors: {}", "data/weights": b"1234"}


def test_another_experiment_by_the_same_plan_is_told_of_the_same_registered_version(recorder: Recorder) -> None:
    created = packed(recorder)
    (recorded,) = recorder.model(created)
    (again,) = recorder.model(created.model_copy(update={"experiment_id": "exp-again"}))
    assert isinstance(recorded, ModelVersionRecorded)
    assert again == recorded.model_copy(update={"experiment_id": "exp-again"})
    assert recorder.tracking.models == {"penguins-species": [recorded.run_id]}


def test_a_model_version_is_recorded_when_mlflow_comes_back(recorder: Recorder) -> None:
    created = packed(recorder)
    recorder.tracking.calls_left = 4
    with pytest.raises(MlflowUnavailable):
        recorder.model(created)
    recorder.tracking.calls_left = None
    (recorded,) = recorder.model(created)
    assert isinstance(recorded, ModelVersionRecorded)
    assert recorder.tracking.models == {"penguins-species": [recorded.run_id]}


def test_a_damaged_artifact_is_not_recorded(recorder: Recorder) -> None:
    damaged = packed(recorder).model_copy(update={"artifact_digest": "0" * 64})
    with pytest.raises(ObjectDamaged):
        recorder.model(damaged)
    assert recorder.tracking.models == {}


def test_a_registered_name_holds_only_what_mlflow_allows(recorder: Recorder) -> None:
    created = packed(recorder).model_copy(update={"target": "größe/cm: x"})
    (recorded,) = recorder.model(created)
    assert isinstance(recorded, ModelVersionRecorded)
    assert recorded.registered_name == "penguins-gr__e_cm_ x"
