from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contracts.message import Message
from contracts.plans import digest_of
from contracts.training import (
    CancelExperiment,
    CancelRefused,
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentImported,
    ExperimentRefused,
    ExperimentStarted,
    ExperimentSummary,
    FitCompleted,
    FitFailed,
    ImportExperiment,
    ListExperiments,
    PerformFit,
    Plan,
)
from contracts.versions import DatasetVersionRemoved, VersionNamed
from contracts.vigil import SILENCE
from infra.objects.store import open_objects
from infra.state import State, Transaction
from services.training import handlers
from services.training.plans import StoredPlans
from services.training.store import METADATA, DatasetStore, ExperimentStore
from tests.builders import (
    a_candidate_retired,
    a_dataset_version,
    a_fit_completed,
    a_fit_failed,
    a_model_version_created,
    a_start_experiment,
    a_template,
    an_experiment_cancelled,
    an_experiment_completed,
)
from tests.builders.exported import a_file, a_told_experiment
from tests.builders.messages import NOON, VERSION


class Training:
    """The service's handlers over one real state, as the bus calls them."""

    def __init__(self, transaction: Transaction, fits_ahead: int = 2) -> None:
        self.datasets = DatasetStore(transaction)
        self.experiments = ExperimentStore(transaction)
        self.objects = open_objects("memory://")
        self.fits_ahead = fits_ahead

    def start(self, **fields: object) -> list[Message]:
        command = a_start_experiment(**{"template": a_template(candidates=("logistic", "tree", "dummy"))} | fields)
        return handlers.start_experiment(
            command, self.datasets, self.experiments, StoredPlans(self.objects), lambda: NOON, self.fits_ahead
        )

    def cancel(self) -> list[Message]:
        return handlers.cancel_experiment(CancelExperiment(experiment_id="exp-1"), self.experiments, lambda: NOON)

    def status(self) -> str:
        return self.listed()[0].status

    def listed(self, silent_for: float = 0, at: datetime = NOON) -> tuple[ExperimentSummary, ...]:
        """Return the list at a moment at which the last sign of life came so many seconds ago."""
        return handlers.list_experiments(
            ListExperiments(), self.experiments, lambda: silent_for, lambda: at
        ).experiments

    def complete(self, fit: PerformFit) -> list[Message]:
        event = a_fit_completed(fit.candidate, fit.fold, fit_id=fit.fit_id)
        return handlers.on_fit_completed(event, self.experiments, self.fits_ahead)

    def fail(self, fit: PerformFit) -> list[Message]:
        event = a_fit_failed(fit.candidate, fit.fold, fit_id=fit.fit_id)
        return handlers.on_fit_failed(event, self.experiments, self.fits_ahead)

    def retire(self, candidate: str, folds: int) -> list[Message]:
        event = a_candidate_retired(candidate, folds)
        return handlers.on_candidate_retired(event, self.experiments, self.fits_ahead, lambda: NOON)


@pytest.fixture
def training(transaction: Transaction) -> Training:
    training = Training(transaction)
    handlers.on_dataset_version_registered(a_dataset_version(), training.datasets)
    return training


def fits_in(messages: list[Message]) -> list[PerformFit]:
    return [message for message in messages if isinstance(message, PerformFit)]


def test_a_start_freezes_the_plan_and_hands_out_the_first_fits(training: Training) -> None:
    started, *fits = training.start()
    assert isinstance(started, ExperimentStarted)
    assert started.fits == 6
    assert len(fits) == 2
    stored = training.objects.read(f"plans/{started.plan_digest}.json")
    assert Plan.model_validate_json(stored) == started.plan
    assert digest_of(started.plan) == started.plan_digest


def gone(number: int = 1, **fields: object) -> DatasetVersionRemoved:
    """Return the fact that a version of ``penguins`` was removed."""
    known = {"removal_id": "rem-1", "name": "penguins", "number": number, "version": VERSION, "objects": ()}
    return DatasetVersionRemoved.model_validate(
        known | {"removed_bytes": 0, "kept_for": (), "removed_at": NOON} | fields
    )


def test_no_experiment_starts_on_a_version_that_was_removed(training: Training) -> None:
    handlers.on_dataset_version_removed(gone(), training.datasets)
    for asked in (None, VERSION):
        (refused,) = training.start(dataset_version=asked)
        assert isinstance(refused, ExperimentRefused)
        assert refused.reason == "DatasetVersionGone"
        assert refused.cause == "Version 1 of the dataset 'penguins' was removed on 2026-11-24, and no other is left."
    other = a_dataset_version(number=2, version="4" * 64)
    handlers.on_dataset_version_registered(other, training.datasets)
    (refused,) = training.start(dataset_version=VERSION)
    assert isinstance(refused, ExperimentRefused)
    assert "4444" in refused.cure
    assert isinstance(training.start()[0], ExperimentStarted)


def test_a_version_whose_rows_another_one_of_its_dataset_has_can_be_raced_on(training: Training) -> None:
    kept_for = (VersionNamed(name="penguins", number=3),)
    for _ in range(2):
        handlers.on_dataset_version_removed(gone(kept_for=kept_for), training.datasets)
    assert isinstance(training.start(dataset_version=VERSION)[0], ExperimentStarted)


def test_rows_that_two_versions_had_are_gone_with_the_last_of_them(training: Training) -> None:
    handlers.on_dataset_version_registered(a_dataset_version(number=3), training.datasets)
    kept_for = (VersionNamed(name="penguins", number=1),)
    handlers.on_dataset_version_removed(gone(3, kept_for=kept_for), training.datasets)
    handlers.on_dataset_version_removed(gone(1), training.datasets)
    (refused,) = training.start(experiment_id="exp-2", dataset_version=VERSION)
    assert isinstance(refused, ExperimentRefused)


def test_a_removed_version_that_is_registered_again_can_be_raced_on(training: Training) -> None:
    handlers.on_dataset_version_removed(gone(), training.datasets)
    handlers.on_dataset_version_registered(a_dataset_version(number=2), training.datasets)
    handlers.on_dataset_version_removed(gone(), training.datasets)  # said again
    assert isinstance(training.start(dataset_version=VERSION)[0], ExperimentStarted)


def test_a_start_repeated_is_answered_alike_and_doubles_nothing(training: Training) -> None:
    started, *_ = training.start()
    assert training.start() == [started]


def test_a_start_on_an_unknown_dataset_is_refused_with_those_that_are_known(training: Training) -> None:
    (refusal,) = training.start(dataset="penguin")
    assert isinstance(refusal, ExperimentRefused)
    assert refusal.reason == "UnknownDataset"
    assert "Did you mean 'penguins'?" in refusal.cause


def test_a_start_on_an_unknown_version_is_refused(training: Training) -> None:
    (refusal,) = training.start(dataset_version="9" * 64)
    assert isinstance(refusal, ExperimentRefused)
    assert refusal.reason == "UnknownDatasetVersion"


def test_the_latest_version_is_the_one_heard_last(training: Training) -> None:
    handlers.on_dataset_version_registered(a_dataset_version(version="5" * 64, number=2), training.datasets)
    handlers.on_dataset_version_registered(a_dataset_version(), training.datasets)
    started, *_ = training.start()
    assert isinstance(started, ExperimentStarted)
    assert started.plan.dataset_version == a_dataset_version().version


def test_each_outcome_hands_out_the_next_fit_until_the_experiment_ends(training: Training) -> None:
    waiting = fits_in(training.start())
    made = []
    while waiting:
        fit = waiting.pop(0)
        made.append((fit.fold, fit.candidate))
        said = training.fail(fit) if fit.candidate == "dummy" else training.complete(fit)
        waiting.extend(fits_in(said))
    assert len(made) == len(set(made)) == 6
    (completed,) = said
    assert isinstance(completed, ExperimentCompleted)
    assert (completed.fits_completed, completed.fits_failed) == (4, 2)


def test_an_experiment_whose_fits_all_failed_still_completes(training: Training) -> None:
    training.fits_ahead = 6
    said = [training.fail(fit) for fit in fits_in(training.start())]
    (completed,) = said[-1]
    assert isinstance(completed, ExperimentCompleted)
    assert completed.fits_failed == 6
    assert training.status() == "failed"
    (refusal,) = training.cancel()
    assert isinstance(refusal, CancelRefused)
    assert refusal.cause == "The experiment 'exp-1' has failed."


def test_a_repeated_outcome_hands_out_nothing(training: Training) -> None:
    first, _ = fits_in(training.start())
    assert len(training.complete(first)) == 1
    assert training.complete(first) == []
    assert training.fail(first) == []


def test_an_outcome_of_an_unknown_experiment_is_passed_over(training: Training) -> None:
    assert handlers.on_fit_completed(a_fit_completed(), training.experiments, 2) == []


def test_a_cancelled_experiment_hands_out_no_more_but_counts_what_comes(training: Training) -> None:
    first, second = fits_in(training.start())
    training.complete(first)
    (cancelled,) = training.cancel()
    assert isinstance(cancelled, ExperimentCancelled)
    assert cancelled.fits_completed == 1
    assert training.complete(second) == []
    (summary,) = training.listed()
    assert (summary.status, summary.fits_completed) == ("cancelled", 2)


def test_a_second_cancel_is_told_that_it_was_cancelled_before(training: Training) -> None:
    training.start()
    training.cancel()
    (refusal,) = training.cancel()
    assert isinstance(refusal, CancelRefused)
    assert refusal.cause == "The experiment 'exp-1' was cancelled before."
    assert training.status() == "cancelled"


def test_one_fit_that_succeeded_makes_a_race_completed(training: Training) -> None:
    training.fits_ahead = 6
    one, *others = fits_in(training.start())
    training.complete(one)
    for fit in others:
        training.fail(fit)
    assert training.status() == "completed"


def test_nothing_to_cancel_is_refused(training: Training) -> None:
    (refusal,) = training.cancel()
    assert isinstance(refusal, CancelRefused)
    assert refusal.reason == "UnknownExperiment"


def test_a_completed_experiment_cannot_be_cancelled(training: Training) -> None:
    training.fits_ahead = 6
    for fit in fits_in(training.start()):
        training.complete(fit)
    (refusal,) = training.cancel()
    assert isinstance(refusal, CancelRefused)
    assert refusal.reason == "ExperimentEnded"


def test_the_list_shows_the_latest_first_with_its_model_version(training: Training) -> None:
    training.start()
    training.start(experiment_id="exp-2")
    handlers.on_model_version_created(a_model_version_created(), training.experiments)
    latest, first = training.listed()
    assert (latest.experiment_id, first.experiment_id) == ("exp-2", "exp-1")
    assert (latest.model_version_id, first.model_version_id) == (None, "model-1")


def test_a_running_experiment_is_listed_as_interrupted_while_no_worker_gives_a_sign(training: Training) -> None:
    training.start()
    later = NOON + timedelta(hours=1)
    assert [listed.interrupted for listed in training.listed(silent_for=SILENCE - 0.1, at=later)] == [False]
    assert [listed.interrupted for listed in training.listed(silent_for=SILENCE, at=later)] == [True]
    training.cancel()
    assert [listed.interrupted for listed in training.listed(silent_for=SILENCE, at=later)] == [False]


def test_a_race_that_was_taken_in_without_the_fits_that_it_did_not_owe_is_listed_as_done(training: Training) -> None:
    *facts, _end = a_told_experiment(rule="careful")
    end = an_experiment_completed(fits_completed=4, fits_failed=1)
    uploaded = training.objects.put("uploads", [a_file([*facts[:-1], end])], ".zip")
    command = ImportExperiment(experiment_id="exp-1", upload=uploaded.key, upload_digest=uploaded.digest)
    said = handlers.import_experiment(command, training.experiments, training.objects, lambda: NOON)
    assert isinstance(said[-1], ExperimentImported)
    for fact in said:
        if isinstance(fact, FitCompleted):
            assert handlers.on_fit_completed(fact, training.experiments, 2) == []
        if isinstance(fact, FitFailed):
            assert handlers.on_fit_failed(fact, training.experiments, 2) == []
    counts = [(listed.status, listed.fits_completed, listed.fits_failed, listed.fits) for listed in training.listed()]
    assert training.retire("dummy", 1) == [], "evaluation judges it here once more"
    assert counts == [("completed", 4, 1, 5)]
    assert training.listed()[0].fits == 5


THREE_FOLDS = a_template(candidates=("logistic", "tree", "dummy"), folds=3, rule="careful")


def test_the_fits_of_a_retired_candidate_make_room_for_those_of_others(training: Training) -> None:
    training.fits_ahead = 4
    *_, dummy, _ = fits_in(training.start(template=THREE_FOLDS))
    assert dummy.candidate == "dummy"
    assert training.complete(dummy) != []
    said = fits_in(training.retire("dummy", 1))
    assert [(fit.candidate, fit.fold) for fit in said] == []
    assert [(fit.candidate, fit.fold) for fit in fits_in(training.retire("tree", 0))] == [("logistic", 2)]


def test_a_candidate_is_retired_once(training: Training) -> None:
    training.start(template=THREE_FOLDS)
    assert len(training.retire("logistic", 0)) == 1
    assert training.retire("logistic", 0) == []


def test_a_candidate_of_an_unknown_experiment_or_of_one_that_retires_nobody_is_passed_over(training: Training) -> None:
    assert training.retire("dummy", 1) == []
    training.start()
    assert training.retire("dummy", 1) == training.retire("dummy", 1) == []
    assert training.listed()[0].fits == 6


def test_a_race_that_waits_only_for_a_retired_candidate_ends_with_its_retirement(training: Training) -> None:
    training.fits_ahead = 9
    *others, last = fits_in(training.start(template=THREE_FOLDS))
    for fit in others:
        assert training.complete(fit) == []
    (completed,) = training.retire(last.candidate, last.fold)
    assert isinstance(completed, ExperimentCompleted)
    assert (completed.fits_completed, completed.completed_at) == (8, NOON)
    assert training.retire("tree", 2) == [], "what is said of it later ends it no second time"


def test_the_list_counts_the_fits_that_are_owed_and_those_that_a_worker_made_beyond(training: Training) -> None:
    training.fits_ahead = 9
    made = fits_in(training.start(template=THREE_FOLDS))
    training.retire("dummy", 1)
    assert training.listed()[0].fits == 7
    later = NOON + timedelta(hours=1)
    owed = [fit for fit in made if (fit.candidate, fit.fold) not in {("dummy", 1), ("dummy", 2)}]
    beyond = next(fit for fit in made if (fit.candidate, fit.fold) == ("dummy", 1))
    for fit in (beyond, *owed[:-1]):
        assert training.complete(fit) == []
    (running,) = training.listed(silent_for=SILENCE, at=later)
    assert (running.fits_completed, running.fits, running.interrupted) == (7, 8, True)
    training.complete(owed[-1])
    (completed,) = training.listed(silent_for=SILENCE, at=later)
    assert (completed.status, completed.fits_completed, completed.fits) == ("completed", 8, 8)
    assert not completed.interrupted


def test_a_fit_of_a_retired_candidate_that_comes_after_the_end_is_counted(training: Training) -> None:
    training.fits_ahead = 9
    made = fits_in(training.start(template=THREE_FOLDS))
    training.retire("dummy", 2)
    for fit in made[:-1]:
        training.complete(fit)
    assert training.status() == "completed"
    assert training.complete(made[-1]) == []
    (listed,) = training.listed()
    assert (listed.fits_completed, listed.fits) == (9, 9)


def test_a_cancelled_race_counts_no_fits_that_it_did_not_owe(training: Training) -> None:
    training.start(template=THREE_FOLDS)
    training.cancel()
    assert training.retire("dummy", 1) == []
    assert (training.status(), training.listed()[0].fits) == ("cancelled", 7)


def test_a_state_rebuilt_from_facts_goes_on_where_the_lost_one_stood(training: Training, tmp_path: Path) -> None:
    started, first, second = training.start()
    assert isinstance(started, ExperimentStarted)
    assert isinstance(first, PerformFit)
    assert isinstance(second, PerformFit)
    (third,) = training.complete(first)
    with State(f"sqlite:///{tmp_path}/rebuilt.db", METADATA).transaction() as transaction:
        rebuilt = Training(transaction)
        handlers.recall_started(started, rebuilt.experiments, 2)
        rebuilt.complete(first)
        assert rebuilt.experiments.find("exp-1") == training.experiments.find("exp-1")
        assert rebuilt.complete(second) == training.complete(second)
        handlers.recall_ended(an_experiment_cancelled(), rebuilt.experiments)
        assert isinstance(third, PerformFit)
        assert rebuilt.complete(third) == []
