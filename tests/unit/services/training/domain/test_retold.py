from collections.abc import Callable, Sequence

import pytest

from contracts.ids import CandidateId, ExperimentId
from contracts.message import Event
from contracts.plans import digest_of
from contracts.training import CandidateRecorded, ExperimentCancelled, ExperimentCompleted, ExperimentStarted
from services.training.domain.experiment import Ended, Experiment
from services.training.domain.file_errors import ExperimentKnown, FileInconsistent
from services.training.domain.retold import is_known, retold
from tests.builders import an_experiment_cancelled, an_experiment_completed
from tests.builders.exported import a_told_experiment
from tests.builders.messages import NOON

Altered = Callable[[list[Event]], Sequence[Event]]


def changed(fact: Event, **fields: object) -> Event:
    return fact.model_copy(update=fields)


def with_other_plan(told: list[Event]) -> Sequence[Event]:
    started = told[0]
    assert isinstance(started, ExperimentStarted)
    return [changed(started, plan=started.plan.model_copy(update={"seed": 43})), *told[1:]]


def with_other_rows(told: list[Event]) -> Sequence[Event]:
    started = told[0]
    assert isinstance(started, ExperimentStarted)
    plan = started.plan.model_copy(update={"data": "audit/secrets.parquet"})
    fits = [changed(fact, plan_digest=digest_of(plan)) for fact in told[1:-1]]
    return [changed(started, plan=plan, plan_digest=digest_of(plan)), *fits, told[-1]]


def test_the_facts_from_which_all_else_follows_are_said_again_in_their_order() -> None:
    told = a_told_experiment()
    recorded = CandidateRecorded(experiment_id=ExperimentId("exp-1"), candidate=CandidateId("tree"), run_id="0")
    story = retold("exp-1", [*told[:3], recorded, *told[3:]])
    assert list(story.facts) == list(told)
    imported = story.imported(NOON, unchanged=False)
    assert (imported.fits_completed, imported.fits_failed) == (4, 2)


def test_a_fit_that_came_to_an_outcome_after_the_cancel_belongs_to_the_story() -> None:
    told = a_told_experiment()
    cancelled = an_experiment_cancelled(fits_completed=1, fits_failed=0)
    story = retold("exp-1", [*told[:2], cancelled, told[2]])
    assert isinstance(story.ended, ExperimentCancelled)
    assert len(story.outcomes) == 2


def test_a_race_that_retired_a_candidate_may_lack_its_fits_or_have_one_that_came_after_the_end() -> None:
    *told, last, _ = a_told_experiment(rule="careful")
    completed = an_experiment_completed(fits_completed=4, fits_failed=1)
    assert len(retold("exp-1", [*told, completed]).outcomes) == 5
    assert len(retold("exp-1", [*told, completed, last]).outcomes) == 6
    with pytest.raises(FileInconsistent, match="other fits than its end counts"):
        retold("exp-1", [*told[:-1], completed])


@pytest.mark.parametrize(
    ("altered", "cause"),
    [
        (lambda told: told[1:], "does not begin with one start"),
        (lambda told: [told[0], *told], "does not begin with one start"),
        (lambda told: told[:-1], "does not say how the experiment ended"),
        (lambda told: [*told, told[-1]], "says it twice"),
        (lambda told: [*told[:-2], told[-1]], "other fits than its end counts"),
        (lambda told: [*told[:2], told[1], *told[2:]], "logistic on fold 0 has two outcomes"),
        (lambda told: [told[0], changed(told[1], candidate="knn"), *told[2:]], "knn on fold 0 is not of its plan"),
        (lambda told: [told[0], changed(told[1], fold=2), *told[2:]], "fold 2 is not of its plan"),
        (lambda told: [told[0], changed(told[1], fold=-1), *told[2:]], "fold -1 is not of its plan"),
        (lambda told: [told[0], changed(told[1], plan_digest="4" * 64), *told[2:]], "is not of its plan"),
        (lambda told: [changed(told[0], fits=5), *told[1:]], "counts other fits"),
        (lambda told: [told[0], changed(told[1], experiment_id="exp-2"), *told[2:]], "about another experiment"),
        (with_other_plan, "plan is not the one"),
        (with_other_rows, "rows are not where"),
    ],
)
def test_facts_that_make_no_whole_experiment_are_refused(altered: Altered, cause: str) -> None:
    with pytest.raises(FileInconsistent, match=cause):
        retold("exp-1", altered(list(a_told_experiment())))


def known(ended: Ended | None = None, **fields: object) -> Experiment:
    started = a_told_experiment()[0]
    assert isinstance(started, ExperimentStarted)
    return Experiment(started.model_copy(update=fields), ended=ended)


def test_an_experiment_is_known_once_this_very_one_is_here_to_its_end() -> None:
    story = retold("exp-1", a_told_experiment())
    assert not is_known(story, None)
    assert not is_known(story, known())
    assert is_known(story, known(story.ended))


def test_another_experiment_under_the_same_id_is_refused() -> None:
    story = retold("exp-1", a_told_experiment())
    assert isinstance(story.ended, ExperimentCompleted)
    with pytest.raises(ExperimentKnown, match="another experiment 'exp-1'"):
        is_known(story, known(fits=7))
    with pytest.raises(ExperimentKnown):
        is_known(story, known(story.ended.model_copy(update={"fits_failed": 1})))
