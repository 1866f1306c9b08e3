"""What evaluation answers, and refuses, to who compares candidates of races that are over."""

import pytest

from contracts.errors import Refusal
from contracts.evaluation import CompareCandidates
from contracts.ids import CandidateId
from services.evaluation import handlers
from services.evaluation.store import BoardStore
from tests.builders import a_fit_completed, a_plan, an_experiment_started
from tests.builders.judging import HitsAround, NoRows, Raced, raced

LOGISTIC = (0.81, 0.79, 0.84, 0.80)
TREE = (0.80, 0.79, 0.81, 0.79)
BOTH = {"logistic": LOGISTIC, "tree": TREE}
ROWS = HitsAround(rows=400)


def hear(boards: BoardStore, *races: Raced) -> None:
    for race in races:
        handlers.on_experiment_started(race.started, boards)
        for fit in race.fits:
            handlers.on_fit_completed(fit, boards, NoRows())


def asked(*others: str, candidates: tuple[str, ...] = (), test: str | None = None) -> CompareCandidates:
    names = tuple(map(CandidateId, candidates))
    return CompareCandidates(experiment_id="exp-1", others=others, candidates=names, test=test)


def refusal(boards: BoardStore, question: CompareCandidates) -> tuple[str, str]:
    """Return the name of the refusal, and what it says."""
    with pytest.raises(Refusal) as caught:
        handlers.compare_candidates(question, boards)
    assert caught.value.cause
    assert caught.value.cure
    return caught.value.reason, str(caught.value)


def test_a_race_that_is_over_is_answered(boards: BoardStore) -> None:
    hear(boards, raced(BOTH))
    told = handlers.compare_candidates(asked(), boards)
    assert [(pair.first, pair.second, pair.folds) for pair in told.pairs] == [("logistic", "tree", 4)]


def test_an_experiment_that_is_named_twice_counts_once(boards: BoardStore) -> None:
    hear(boards, raced(BOTH))
    assert handlers.compare_candidates(asked("exp-1"), boards) == handlers.compare_candidates(asked(), boards)


def refereed(boards: BoardStore, **scores: float) -> None:
    """Hear a race of ten folds, each candidate with a score that grows a little from fold to fold."""
    plan = a_plan(folds=10, rows=4000, rule="careful")
    handlers.on_experiment_started(an_experiment_started(plan=plan), boards)
    for fold in range(10):
        for name, score in scores.items():
            fit = a_fit_completed(name, fold, score + fold / 1000)
            handlers.on_fit_completed(fit, boards, ROWS)


def test_who_was_retired_is_compared_only_if_named_and_that_it_was_is_said(boards: BoardStore) -> None:
    refereed(boards, logistic=0.9, tree=0.89, dummy=0.866)
    told = handlers.compare_candidates(asked(), boards)
    assert [(pair.first, pair.second, pair.folds) for pair in told.pairs] == [("logistic", "tree", 10)]
    assert told.caveat is not None
    assert told.caveat.startswith("2 of the 3 candidates that raced are compared")
    assert "Retired" not in told.caveat
    told = handlers.compare_candidates(asked(candidates=("dummy", "logistic")), boards)
    assert [(pair.first, pair.second, pair.folds) for pair in told.pairs] == [("logistic", "dummy", 3)]
    assert told.caveat is not None
    assert told.caveat.endswith("compared on these, which tells too much: dummy.")


def test_who_was_retired_after_its_first_fold_is_compared_no_more(boards: BoardStore) -> None:
    refereed(boards, logistic=0.9, tree=0.89, dummy=0.5)
    reason, said = refusal(boards, asked(candidates=("logistic", "dummy")))
    assert reason == "FoldsNotShared"
    assert "have 1 fold in common" in said


def test_an_unknown_experiment_is_refused_wherever_it_stands(boards: BoardStore) -> None:
    assert refusal(boards, asked())[0] == "UnknownExperiment"
    hear(boards, raced(BOTH))
    reason, said = refusal(boards, asked("exp-9"))
    assert reason == "UnknownExperiment"
    assert "exp-9" in said


def test_a_race_that_is_not_over_is_refused(boards: BoardStore) -> None:
    race = raced(BOTH)
    hear(boards, Raced(race.started, race.fits[:-1]))
    assert refusal(boards, asked()) == (
        "RaceNotOver",
        "The race 'exp-1' is not over. Wait for it: trackside leaderboard exp-1 --watch",
    )


def test_a_candidate_that_did_not_race_is_refused_with_those_that_did(boards: BoardStore) -> None:
    hear(boards, raced(BOTH))
    reason, said = refusal(boards, asked(candidates=("logistic", "treee")))
    assert reason == "UnknownCandidate"
    assert said.endswith("Did you mean 'tree'? Those who did: logistic, tree.")


def test_one_candidate_alone_is_refused(boards: BoardStore) -> None:
    hear(boards, raced(BOTH))
    assert refusal(boards, asked(candidates=("tree", "tree")))[0] == "CandidatesTooFew"


def test_a_candidate_without_any_score_is_refused(boards: BoardStore) -> None:
    hear(boards, raced({**BOTH, "dummy": (None, None, None, None)}))
    assert refusal(boards, asked(candidates=("tree", "dummy")))[0] == "NeverScored"


def test_if_nobody_is_named_two_have_to_be_whole(boards: BoardStore) -> None:
    hear(boards, raced({"logistic": LOGISTIC, "tree": (0.8, None, 0.7, 0.8)}))
    reason, said = refusal(boards, asked())
    assert reason == "NobodyWhole"
    assert said.startswith("Only 'logistic' has a score on every fold")


def test_fewer_than_three_shared_folds_are_refused(boards: BoardStore) -> None:
    hear(boards, raced({"logistic": LOGISTIC, "tree": (0.8, None, 0.7, None)}))
    reason, said = refusal(boards, asked(candidates=("logistic", "tree")))
    assert reason == "FoldsNotShared"
    assert "'logistic' and 'tree' have 2 folds in common" in said


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"seed": 7}, "4 folds of seed 42 to predict 'species' and tree on 4 folds of seed 7 to predict 'species'"),
        ({"folds": 8, "budget": 4}, "and tree on 8 folds of seed 42"),
        ({"target": "sex"}, "to predict 'sex'"),
        ({"groups": "island"}, "4 folds of seed 42 grouped by 'island' to predict"),
    ],
)
def test_a_paired_test_across_different_splits_is_refused(
    boards: BoardStore, other: dict[str, object], said: str
) -> None:
    hear(boards, raced({"logistic": LOGISTIC}), raced({"tree": TREE}, "exp-2", **other))
    reason, text = refusal(boards, asked("exp-2"))
    assert reason == "SplitsDiffer"
    assert said in text
    assert "Race both in one experiment" in text


def test_a_comparison_across_dataset_versions_is_refused(boards: BoardStore) -> None:
    hear(boards, raced({"logistic": LOGISTIC}), raced({"tree": TREE}, "exp-2", dataset_version="9" * 64))
    reason, said = refusal(boards, asked("exp-2"))
    assert reason == "VersionsDiffer"
    assert "penguins as of 222222222222 and tree as of 999999999999" in said


def test_versions_of_a_dataset_do_not_count_as_two_datasets(boards: BoardStore) -> None:
    hear(boards, raced(BOTH), raced(BOTH, "exp-2", dataset_version="9" * 64))
    assert refusal(boards, asked("exp-2"))[0] == "DatasetCountedTwice"


def test_mcnemars_test_of_a_regression_is_refused(boards: BoardStore) -> None:
    hear(boards, raced(BOTH, task="regression", metric="R2"))
    reason, said = refusal(boards, asked(test="mcnemar"))
    assert reason == "LabelsNeeded"
    assert "counts right and wrong answers" in said


@pytest.mark.parametrize("test", ["mcnemar", "delong"])
def test_a_test_of_two_fitted_models_is_refused_for_a_race(boards: BoardStore, test: str) -> None:
    hear(boards, raced(BOTH))
    assert refusal(boards, asked(test=test))[0] == "WrongKind"


def test_a_claim_on_fewer_than_a_hundred_rows_is_refused(boards: BoardStore) -> None:
    hear(boards, raced(BOTH, rows=99))
    reason, said = refusal(boards, asked())
    assert reason == "RowsTooFew"
    assert "scored on 99 rows, and under 100 chance decides" in said


def test_four_folds_of_eight_that_a_budget_pays_for_are_half_of_the_rows(boards: BoardStore) -> None:
    hear(boards, raced(BOTH, rows=180, folds=8, budget=8))
    assert "scored on 90 rows" in refusal(boards, asked())[1]


def test_ranks_over_two_datasets_are_refused(boards: BoardStore) -> None:
    hear(boards, raced(BOTH), raced(BOTH, "exp-2", dataset="flights"))
    assert refusal(boards, asked("exp-2"))[0] == "TooFewToRank"
    assert refusal(boards, asked("exp-2", test="corrected_t"))[0] == "OneDatasetNeeded"


def test_a_candidate_that_raced_on_one_of_the_datasets_only_is_refused(boards: BoardStore) -> None:
    hear(boards, raced(BOTH), raced({**BOTH, "dummy": LOGISTIC}, "exp-2", dataset="flights"))
    assert refusal(boards, asked("exp-2", candidates=("tree", "dummy")))[0] == "DatasetsDiffer"


@pytest.mark.parametrize("other", [{"metric": "Accuracy"}, {"metric": "R2", "task": "regression"}])
def test_scores_of_different_metrics_or_tasks_are_refused(boards: BoardStore, other: dict[str, str]) -> None:
    hear(boards, raced(BOTH), raced(BOTH, "exp-2", dataset="flights", **other))
    reason, said = refusal(boards, asked("exp-2"))
    assert reason == "QuestionsDiffer"
    assert "'exp-1' is classification by AUC" in said


def test_a_test_that_nobody_knows_is_refused_with_those_that_there_are(boards: BoardStore) -> None:
    hear(boards, raced(BOTH))
    reason, said = refusal(boards, asked(test="wilcoxon"))
    assert reason == "UnknownTest"
    assert "correlated_t, corrected_t, mcnemar, delong, friedman, nemenyi" in said
