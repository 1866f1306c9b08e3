import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.training import FitCompleted, FitFailed
from ml.statistics import estimate
from services.evaluation.domain.board import Board
from services.evaluation.domain.outcome import outcome_of
from tests.builders import a_fit_completed, a_fit_failed, a_plan, an_experiment_started

Fact = FitCompleted | FitFailed


def a_board(*facts: Fact, completed: bool = True, **plan: object) -> Board:
    started = an_experiment_started(plan=a_plan(**plan))
    outcomes = [outcome_of(fact, started.plan.metric) for fact in facts]
    return Board(started, outcomes, completed)


def order_of(board: Board) -> list[tuple[int | None, str]]:
    return [(standing.place, standing.candidate) for standing in board.leaderboard().standings]


def scored(candidate: str, *scores: float | None) -> list[Fact]:
    return [a_fit_completed(candidate, fold, score) for fold, score in enumerate(scores)]


def test_nobody_has_a_place_before_the_first_score() -> None:
    assert order_of(a_board()) == [(None, "logistic"), (None, "tree"), (None, "dummy")]


def test_the_final_board_ranks_by_the_mean_over_all_folds() -> None:
    board = a_board(*scored("logistic", 0.7, 0.7), *scored("tree", 0.9, 0.6), *scored("dummy", 0.5, 0.5))
    assert order_of(board) == [(1, "tree"), (2, "logistic"), (3, "dummy")]
    assert board.leaderboard().final


def test_the_board_says_how_many_folds_there_will_be() -> None:
    assert a_board(*scored("tree", 0.9), folds=5).leaderboard().folds == 5


def test_a_smaller_score_leads_where_smaller_is_better() -> None:
    facts = [
        a_fit_completed(candidate, fold, scores={"RMSE": error})
        for candidate, error in (("logistic", 3.0), ("tree", 1.0), ("dummy", 2.0))
        for fold in (0, 1)
    ]
    board = a_board(*facts, metric="RMSE", task="regression")
    assert order_of(board) == [(1, "tree"), (2, "dummy"), (3, "logistic")]
    assert not board.leaderboard().greater_is_better


def test_during_the_race_candidates_are_compared_on_the_folds_that_they_share() -> None:
    # By its own mean, tree would lead with 0.75; on the fold that both have, logistic is better.
    board = a_board(*scored("tree", 0.6, 0.9), *scored("logistic", 0.7))
    assert order_of(board)[:2] == [(1, "logistic"), (2, "tree")]
    assert board.leaderboard().standings[1].mean == pytest.approx(0.75)


def test_a_candidate_that_lost_a_fold_stands_behind_those_that_have_all() -> None:
    board = a_board(*scored("logistic", 0.6, 0.6), a_fit_completed("tree", 0, 0.9), a_fit_failed("tree", 1))
    assert order_of(board)[:2] == [(1, "logistic"), (2, "tree")]
    tree = board.leaderboard().standings[1]
    assert (tree.completed, tree.failed, tree.problem) == (1, 1, "NotConverged: It did not converge in 100 steps.")


def test_a_score_that_is_not_defined_gives_no_place() -> None:
    board = a_board(*scored("tree", None, None), *scored("dummy", 0.5, 0.5))
    assert order_of(board) == [(1, "dummy"), (None, "logistic"), (None, "tree")]
    assert board.leaderboard().standings[2].completed == 2


def test_equal_means_share_a_place() -> None:
    board = a_board(*scored("dummy", 0.7, 0.7), *scored("tree", 0.8, 0.8), *scored("logistic", 0.7, 0.7))
    assert order_of(board) == [(1, "tree"), (2, "logistic"), (2, "dummy")]


def test_the_interval_is_the_corrected_one_and_needs_three_folds() -> None:
    scores = [0.70, 0.72, 0.74, 0.71]
    three = a_board(*scored("tree", *scores[:3]), folds=5).leaderboard().standings[0]
    two = a_board(*scored("tree", *scores[:2]), folds=5).leaderboard().standings[0]
    expected = estimate(scores[:3], folds=5)
    assert (three.low, three.high) == (expected.low, expected.high)
    assert (two.low, two.high) == (None, None)
    assert three.scores == (0.70, 0.72, 0.74, None, None)


def test_a_budget_ends_the_race_sooner_and_the_interval_knows_how_the_rows_were_split() -> None:
    scores = [0.7, 0.8, 0.75]
    facts = [fact for name in ("logistic", "tree", "dummy") for fact in scored(name, *scores)]
    board = a_board(*facts, folds=10, budget=9)
    assert board.leaderboard().final
    assert board.leaderboard().folds == 3
    first = board.leaderboard().standings[0]
    assert first.low == pytest.approx(estimate(scores, folds=10).low)


def test_the_winner_is_refitted_once_the_race_is_over() -> None:
    facts = [*scored("logistic", 0.7, 0.7), *scored("tree", 0.9, 0.6), *scored("dummy", 0.5, 0.5)]
    refit = a_board(*facts).refit()
    assert refit is not None
    assert (refit.candidate, refit.plan_digest) == ("tree", a_board().started.plan_digest)
    assert a_board(*facts[1:]).refit() is None
    assert a_board(*facts, completed=False).refit() is None


def test_nobody_is_refitted_when_every_fit_failed() -> None:
    board = a_board(*(a_fit_failed(name, fold) for name in ("logistic", "tree", "dummy") for fold in (0, 1)))
    assert board.leaderboard().final
    assert board.refit() is None


@given(
    scores=st.lists(st.one_of(st.none(), st.floats(0, 1, width=32)), min_size=9, max_size=9),
    seed=st.integers(0, 2**31),
)
def test_the_order_of_fits_does_not_matter_to_the_final_board(scores: list[float | None], seed: int) -> None:
    names = ("logistic", "tree", "dummy")
    facts: list[Fact] = [
        a_fit_failed(name, fold) if score is None else a_fit_completed(name, fold, score, fit_seconds=0.1 * fold)
        for (name, fold), score in zip(((name, fold) for name in names for fold in range(3)), scores, strict=True)
    ]
    shuffled = random.Random(seed).sample(facts, len(facts))
    assert a_board(*shuffled, folds=3).leaderboard() == a_board(*facts, folds=3).leaderboard()
