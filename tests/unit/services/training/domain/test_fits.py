from contracts.ids import CandidateId, ExperimentId
from services.training.domain.fits import fit_id, fits_of, ids_from, places_of
from tests.builders import a_plan

TREE = CandidateId("tree")
OWN = CandidateId("acme.models:Booster")
ONE, OTHER = ExperimentId("exp-1"), ExperimentId("exp-2")


def test_fits_go_fold_by_fold_so_that_candidates_stay_comparable() -> None:
    fits = fits_of(ONE, a_plan(), "1" * 64, places_of(a_plan()))
    assert [(fit.fold, fit.candidate) for fit in fits] == [
        (0, "logistic"),
        (0, "tree"),
        (0, "dummy"),
        (1, "logistic"),
        (1, "tree"),
        (1, "dummy"),
    ]


def test_the_fits_at_some_places_are_that_part_of_all() -> None:
    every = fits_of(ONE, a_plan(), "1" * 64, places_of(a_plan()))
    assert fits_of(ONE, a_plan(), "1" * 64, [2, 4]) == [every[2], every[4]]


def test_a_candidate_that_is_retired_loses_its_later_fits_up_to_the_last_that_is_raced() -> None:
    plan = a_plan(folds=5, budget=9)
    every = fits_of(ONE, plan, "1" * 64, places_of(plan))
    assert ids_from(ONE, plan, TREE, 1) == [fit.fit_id for fit in every if fit.candidate == TREE and fit.fold >= 1]
    assert ids_from(ONE, plan, TREE, 3) == []


def test_the_same_fit_has_the_same_id_whatever_else_races() -> None:
    alone = a_plan(candidates=a_plan().candidates[1:2], metric="Accuracy")
    assert fit_id(ONE, a_plan(), TREE, 1) == fit_id(OTHER, alone, TREE, 1)


def test_a_budget_ends_the_fits_sooner_and_they_are_those_of_the_whole_race() -> None:
    whole, paid = (
        fits_of(ONE, plan, "1" * 64, places_of(plan)) for plan in (a_plan(folds=5), a_plan(folds=5, budget=7))
    )
    assert len(whole) == 15
    assert paid == whole[:6]


def test_whatever_changes_the_fit_changes_its_id() -> None:
    plans = (a_plan(), a_plan(seed=1), a_plan(folds=3), a_plan(dataset_version="9" * 64), a_plan(engine="pycaret"))
    ids = {fit_id(ONE, plan, TREE, 0) for plan in plans} | {fit_id(ONE, a_plan(), TREE, 1)}
    assert len(ids) == 6


def test_the_fits_of_one_s_own_class_are_made_anew_in_each_experiment_since_its_code_may_have_changed() -> None:
    assert fit_id(ONE, a_plan(), OWN, 1) == fit_id(ONE, a_plan(), OWN, 1) != fit_id(OTHER, a_plan(), OWN, 1)
