import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from contracts.ids import CandidateId, ExperimentId
from contracts.ingest import Column
from contracts.message import Message
from contracts.training import FitCompleted, FitFailed, FitInHand, FitStarted, Plan
from infra.objects import Objects
from ml.engines import engine
from ml.engines.port import FitOutcome
from services.training.worker.errors import WorkImpossible
from services.training.worker.rows import given
from services.training.worker.workbench import Workbench
from tests.builders import a_candidate_retired, an_experiment_cancelled
from tests.builders.asking import until
from tests.builders.messages import EXPERIMENT, NOON
from tests.builders.races import a_fit_of, a_stored_plan
from tests.integration.services.training.worker.conftest import Worker


def completed(facts: list[Message]) -> FitCompleted:
    (fact,) = facts
    assert isinstance(fact, FitCompleted), fact
    return fact


def failed(facts: list[Message]) -> FitFailed:
    (fact,) = facts
    assert isinstance(fact, FitFailed), fact
    return fact


def fitted_here(plan: Plan, objects: Objects, folder: Path, candidate: str, fold: int) -> FitOutcome:
    path = folder / "rows.parquet"
    objects.fetch(plan.data, plan.data_digest, path)
    session = engine("sklearn").prepare(given(plan, path).problem)
    split = session.folds(plan.folds)[fold]
    return session.fit(candidate, split.train, split.test)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def stopped_child(worker: Worker, plan_digest: str) -> int:
    """Let the worker's child make one fit, then stop it, so that the next one cannot end; return its pid."""
    completed(worker.fit(a_fit_of(plan_digest, fold=2)))
    pid: int = worker.child.call("os.getpid")
    os.kill(pid, signal.SIGSTOP)
    worker.announced.clear()
    return pid


def test_a_fit_gives_the_engine_s_own_scores(worker: Worker, tmp_path: Path) -> None:
    plan, digest = a_stored_plan(worker.objects)
    command = a_fit_of(digest, "forest", fold=1)
    fact = completed(worker.fit(command))
    assert fact.scores == fitted_here(plan, worker.objects, tmp_path, "forest", 1).scores
    assert (fact.experiment_id, fact.fit_id, fact.plan_digest) == (EXPERIMENT, command.fit_id, digest)
    assert (fact.candidate, fact.fold, fact.worker, fact.completed_at) == ("forest", 1, "worker-1", NOON)
    assert min(fact.fit_seconds, fact.score_seconds, fact.cpu_seconds) > 0
    assert fact.peak_memory_bytes > 50_000_000


def test_a_fit_leaves_its_predictions_by_row_of_the_dataset_version(worker: Worker) -> None:
    plan, digest = a_stored_plan(worker.objects)
    facts = [completed(worker.fit(a_fit_of(digest, "ridge", fold))) for fold in range(plan.folds)]
    tables = [pq.read_table(BytesIO(worker.objects.read(fact.predictions))) for fact in facts]
    assert [table.num_rows for table in tables] == [fact.rows for fact in facts]
    rows = sorted(row for table in tables for row in table["row"].to_pylist())
    assert rows == [row for row in range(plan.rows + 1) if row != 2], "the row without a target takes no part"
    truths = pq.read_table(BytesIO(worker.objects.read(plan.data)))["answer"].to_pylist()
    assert all(truths[row] == truth for row, truth in zip(*_columns(tables[0], "row", "truth"), strict=True))
    assert "group" not in tables[0].column_names
    assert json.loads(tables[0].schema.metadata[b"trackside.classes"]) == ["adelie", "gentoo"]


def test_the_predictions_of_grouped_rows_say_to_which_group_each_belongs(worker: Worker) -> None:
    length = Column(name="length", type="float", missing=6, distinct=114)
    plan, digest = a_stored_plan(worker.objects, features=(length,), groups="ticket")
    tickets = pq.read_table(BytesIO(worker.objects.read(plan.data)))["ticket"].to_pylist()
    group_of: dict[str, int] = {}
    for fold in range(plan.folds):
        fact = completed(worker.fit(a_fit_of(digest, "ridge", fold)))
        table = pq.read_table(BytesIO(worker.objects.read(fact.predictions)))
        for row, group in zip(*_columns(table, "row", "group"), strict=True):
            assert group_of.setdefault(tickets[row], group) == group
    assert sorted(group_of.values()) == list(range(len(group_of)))


def _columns(table: object, *names: str) -> list[list[object]]:
    return [table[name].to_pylist() for name in names]  # type: ignore[index]


def test_a_fit_is_announced_before_it_is_made(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    worker.fit(a_fit_of(digest, "tree", fold=2))
    fit = {"experiment_id": EXPERIMENT, "candidate": CandidateId("tree"), "fold": 2, "worker": "worker-1"}
    assert worker.announced == [FitStarted.model_validate(fit), FitInHand.model_validate(fit)]


def test_a_repeated_fit_gives_the_same_fact_without_being_made_again(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    first = worker.fit(a_fit_of(digest))
    worker.announced.clear()
    assert worker.fit(a_fit_of(digest)) == first
    assert not worker.announced


def test_a_plan_s_fits_are_shared_by_its_experiments(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    first = completed(worker.fit(a_fit_of(digest)))
    other = completed(worker.fit(a_fit_of(digest, experiment_id="exp-2")))
    assert other == first.model_copy(update={"experiment_id": ExperimentId("exp-2")})


def test_one_child_serves_a_whole_plan_and_another_the_next(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    _other_plan, other = a_stored_plan(worker.objects, seed=43)
    completed(worker.fit(a_fit_of(digest)))
    pid = worker.child.call("os.getpid")
    completed(worker.fit(a_fit_of(digest, fold=1)))
    assert worker.child.call("os.getpid") == pid
    completed(worker.fit(a_fit_of(other)))
    assert worker.child.call("os.getpid") != pid


def test_a_regression_is_fitted_as_well(worker: Worker, tmp_path: Path) -> None:
    plan, digest = a_stored_plan(worker.objects, task="regression")
    fact = completed(worker.fit(a_fit_of(digest, "ridge")))
    assert fact.scores == fitted_here(plan, worker.objects, tmp_path, "ridge", 0).scores


def test_a_candidate_that_fails_is_reported_in_its_own_words(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    fact = failed(worker.fit(a_fit_of(digest, "oracle")))
    assert fact.reason == "CandidateUnknown"
    assert "no candidate 'oracle'" in fact.detail
    completed(worker.fit(a_fit_of(digest)))


def test_a_fit_that_takes_longer_than_the_plan_allows_is_ended_and_the_next_one_is_not(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects, fit_seconds=0.005)
    fact = failed(worker.fit(a_fit_of(digest, "forest")))
    assert (fact.reason, fact.detail) == ("OutOfTime", "it took longer than the plan allows a fit")
    _plan, patient = a_stored_plan(worker.objects, fit_seconds=60.0)
    completed(worker.fit(a_fit_of(patient, "forest")))


def test_a_fit_that_takes_more_memory_than_the_plan_allows_fails_and_its_process_lives_on(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects, fit_megabytes=1, count=30_000)
    fact = failed(worker.fit(a_fit_of(digest, "ridge")))
    assert fact.reason == "OutOfMemory"
    pid = worker.child.call("os.getpid")
    assert failed(worker.fit(a_fit_of(digest, "ridge", fold=1))).reason == "OutOfMemory"
    assert worker.child.call("os.getpid") == pid


def test_a_plan_for_other_rows_is_reported(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects, rows=80)
    fact = failed(worker.fit(a_fit_of(digest)))
    assert fact.reason == "RowsDiffer"
    assert "80 rows with a target, but the file has 119" in fact.detail


def test_a_damaged_dataset_is_reported(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects, data_digest="0" * 64)
    assert failed(worker.fit(a_fit_of(digest))).reason == "ObjectDamaged"


def test_a_missing_dataset_or_plan_is_reported(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects, data="datasets/none.parquet")
    assert failed(worker.fit(a_fit_of(digest))).reason == "ObjectMissing"
    assert failed(worker.fit(a_fit_of("0" * 64))).reason == "ObjectMissing"


def test_a_damaged_plan_is_reported(worker: Worker) -> None:
    worker.objects.create(f"plans/{'0' * 64}.json", [b"{}"])
    assert failed(worker.fit(a_fit_of("0" * 64))).reason == "ObjectDamaged"


def test_a_fit_whose_process_is_killed_is_made_by_another(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    pid = stopped_child(worker, digest)
    with ThreadPoolExecutor(1) as pool:
        fit = pool.submit(worker.fit, a_fit_of(digest))
        until(worker.has_work_in_hand)
        os.kill(pid, signal.SIGKILL)
        completed(fit.result())


def test_a_child_with_nothing_to_do_is_let_go(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    completed(worker.fit(a_fit_of(digest)))
    pid = worker.child.call("os.getpid")
    resting = Workbench(
        worker.objects, worker.cache, worker.child, worker.announced.append, "worker-1", rest_seconds=0.01
    )
    with pytest.raises(WorkImpossible):
        resting.fit(a_fit_of("0" * 64))
    until(lambda: not is_alive(pid))


def test_cancelling_ends_the_fit_in_hand_and_says_nothing(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    pid = stopped_child(worker, digest)
    with ThreadPoolExecutor(1) as pool:
        fit = pool.submit(worker.fit, a_fit_of(digest))
        until(worker.has_work_in_hand)
        worker.workbench.give_up(an_experiment_cancelled())
        os.kill(pid, signal.SIGCONT)
        assert fit.result() == []
    until(lambda: not is_alive(pid))
    completed(worker.fit(a_fit_of(digest, experiment_id="exp-2")))


def test_a_fit_of_a_cancelled_experiment_is_not_begun(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    worker.workbench.give_up(an_experiment_cancelled())
    assert worker.fit(a_fit_of(digest)) == []
    assert not worker.announced


@contextmanager
def retired_in_mid_fit(worker: Worker, digest: str, folds: int) -> Iterator[Future[list[Message]]]:
    """Yield a worker's fit of the second fold, in hand while its candidate is retired after so many folds."""
    with ThreadPoolExecutor(1) as pool:
        fit = pool.submit(worker.fit, a_fit_of(digest, fold=1))
        until(worker.has_work_in_hand)
        worker.workbench.give_up(a_candidate_retired("logistic", folds=folds))
        yield fit


def test_retiring_a_candidate_ends_its_later_fit_in_hand_and_the_next_ones_are_not_begun(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    pid = stopped_child(worker, digest)
    with retired_in_mid_fit(worker, digest, folds=1) as fit:
        assert fit.result() == []
    until(lambda: not is_alive(pid))
    worker.announced.clear()
    assert worker.fit(a_fit_of(digest, fold=1)) == []
    assert not worker.announced
    completed(worker.fit(a_fit_of(digest, fold=0)))
    completed(worker.fit(a_fit_of(digest, "tree", fold=2)))


def test_a_fit_that_ends_soon_after_its_candidate_is_retired_is_stated_and_costs_no_child(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    pid = stopped_child(worker, digest)
    with retired_in_mid_fit(worker, digest, folds=1) as fit:
        os.kill(pid, signal.SIGCONT)
        completed(fit.result())
    assert worker.child.call("os.getpid") == pid


def test_retiring_a_candidate_leaves_its_earlier_fit_in_hand_alone(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    pid = stopped_child(worker, digest)
    with retired_in_mid_fit(worker, digest, folds=2) as fit:
        os.kill(pid, signal.SIGCONT)
        completed(fit.result())


def test_cancelling_one_experiment_leaves_the_fit_of_another_alone(worker: Worker) -> None:
    _plan, digest = a_stored_plan(worker.objects)
    pid = stopped_child(worker, digest)
    with ThreadPoolExecutor(1) as pool:
        fit = pool.submit(worker.fit, a_fit_of(digest))
        until(worker.has_work_in_hand)
        worker.workbench.give_up(an_experiment_cancelled(experiment_id="exp-2"))
        os.kill(pid, signal.SIGCONT)
        completed(fit.result())
