import pytest

from contracts.training import PerformFit, RefitCandidate
from services.training.worker.wanted import Wanted
from tests.builders import a_candidate_retired, an_experiment_cancelled
from tests.builders.races import a_fit_of, a_refit_of

DIGEST = "1" * 64


def test_all_is_wanted_until_something_ends() -> None:
    assert Wanted().has(a_fit_of(DIGEST))
    assert Wanted().has(a_refit_of(DIGEST))


@pytest.mark.parametrize("work", [a_fit_of(DIGEST), a_refit_of(DIGEST)])
def test_nothing_of_a_cancelled_experiment_is_wanted(work: PerformFit | RefitCandidate) -> None:
    wanted = Wanted()
    wanted.end(an_experiment_cancelled())
    assert not wanted.has(work)
    assert wanted.has(work.model_copy(update={"experiment_id": "exp-2"}))


def test_of_a_retired_candidate_the_fits_of_its_first_folds_are_wanted_and_a_refit() -> None:
    wanted = Wanted()
    wanted.end(a_candidate_retired("tree", folds=2))
    assert [wanted.has(a_fit_of(DIGEST, "tree", fold)) for fold in range(4)] == [True, True, False, False]
    assert wanted.has(a_refit_of(DIGEST, "tree"))
    assert wanted.has(a_fit_of(DIGEST, "logistic", 3))
    assert wanted.has(a_fit_of(DIGEST, "tree", 3, experiment_id="exp-2"))


def test_what_came_to_its_end_is_kept_unless_the_experiment_was_cancelled() -> None:
    wanted = Wanted()
    wanted.end(a_candidate_retired("tree", folds=2))
    assert wanted.keeps(a_fit_of(DIGEST, "tree", 3))
    wanted.end(an_experiment_cancelled())
    assert not wanted.keeps(a_fit_of(DIGEST, "tree", 3))
