from contracts.ids import CandidateId, ExperimentId
from services.training.domain.fits import fit_id, fits_of
from tests.builders import a_plan

TREE = CandidateId("tree")
OWN = CandidateId("acme.models:Booster")
ONE, OTHER = ExperimentId("exp-1"), ExperimentId("exp-2")


def test_fits_go_fold_by_fold_so_that_candidates_stay_comparable() -> None:
    fits = fits_of(ExperimentId("exp-1"), a_plan(), "1" * 64, 0, 100)
    assert [(fit.fold, fit.candidate) for fit in fits] == [
        (0, "logistic"),
        (0, "tree"),
        (0, "dummy"),
        (1, "logistic"),
        (1, "tree"),
        (1, "dummy"),
    ]


def test_a_stretch_of_fits_is_that_part_of_all() -> None:
    every = fits_of(ExperimentId("exp-1"), a_plan(), "1" * 64, 0, 100)
    assert fits_of(ExperimentId("exp-1"), a_plan(), "1" * 64, 2, 5) == every[2:5]


def test_the_same_fit_has_the_same_id_whatever_else_races() -> None:
    alone = a_plan(candidates=a_plan().candidates[1:2], metric="Accuracy")
    assert fit_id(ONE, a_plan(), TREE, 1) == fit_id(OTHER, alone, TREE, 1)


def test_a_budget_ends_the_fits_sooner_and_they_are_those_of_the_whole_race() -> None:
    whole = fits_of(ONE, a_plan(folds=5), "1" * 64, 0, 100)
    paid = fits_of(ONE, a_plan(folds=5, budget=7), "1" * 64, 0, 100)
    assert len(whole) == 15
    assert paid == whole[:6]


def test_whatever_changes_the_fit_changes_its_id() -> None:
    plans = (a_plan(), a_plan(seed=1), a_plan(folds=3), a_plan(dataset_version="9" * 64), a_plan(engine="pycaret"))
    ids = {fit_id(ONE, plan, TREE, 0) for plan in plans} | {fit_id(ONE, a_plan(), TREE, 1)}
    assert len(ids) == 6


def test_the_fits_of_one_s_own_class_are_made_anew_in_each_experiment_since_its_code_may_have_changed() -> None:
    assert fit_id(ONE, a_plan(), OWN, 1) == fit_id(ONE, a_plan(), OWN, 1) != fit_id(OTHER, a_plan(), OWN, 1)
