from typing import Any

import pytest

from contracts.evaluation import Leaderboard, Standing
from tests.builders.messages import EXPERIMENT
from tests.unit.ui.cli.test_race import a_standing
from ui.cli.sameness import compared


def a_board(*standings: Standing, **fields: Any) -> Leaderboard:
    defaults: dict[str, Any] = {
        "experiment_id": EXPERIMENT,
        "metric": "AUC",
        "greater_is_better": True,
        "standings": standings or (a_standing(), a_standing("dummy", 2)),
        "fits_counted": 4,
        "final": True,
        "folds": 2,
    }
    return Leaderboard(**defaults | fields)


def differs_in(board: Leaderboard) -> tuple[str, ...]:
    comparison = compared({"first": a_board(), "second": board})
    assert comparison.same == (comparison.boards[1].differences == ())
    return comparison.boards[1].differs_in


def test_a_board_of_another_race_with_other_times_is_the_same() -> None:
    board = a_board(a_standing(fit_seconds=9.0), a_standing("dummy", 2), experiment_id="exp-2")
    assert differs_in(board) == ()


@pytest.mark.parametrize(
    "other",
    [
        {"place": 2},
        {"mean": 0.8123000000000001},
        {"low": 0.7500000000000001},
        {"high": None},
        {"scores": (0.8000000000000002, None)},
        {"scores": (0.8, 0.8)},
        {"scores": (0.8,)},
        {"failed": 1},
    ],
)
def test_one_bit_of_one_number_makes_another_board_and_names_the_candidate(other: dict[str, Any]) -> None:
    assert differs_in(a_board(a_standing(**other), a_standing("dummy", 2))) == ("tree",)


def test_zero_and_minus_zero_are_not_the_same_bits() -> None:
    boards = {sign: a_board(a_standing(scores=(zero, None))) for sign, zero in (("plus", 0.0), ("minus", -0.0))}
    assert not compared(boards).same
    assert compared(boards).boards[1].differs_in == ("tree",)


def test_candidates_order_metric_and_end_are_compared_too() -> None:
    assert differs_in(a_board(a_standing("dummy", 2), a_standing())) == ("order",)
    assert differs_in(a_board(a_standing())) == ("candidates",)
    assert differs_in(a_board(metric="F1", folds=3)) == ("metric", "folds")
    assert differs_in(a_board(cancelled=True)) == ("end",)


def test_the_largest_difference_is_told_with_a_sentence_for_each() -> None:
    board = a_board(a_standing(mean=0.9, scores=(0.5, None)), a_standing("dummy", 2))
    [_, second] = compared({"first": a_board(), "second": board}).boards
    assert second.largest == pytest.approx(0.3)
    assert second.differences == ("tree, mean: 0.9, not 0.8123", "tree, fold 1: 0.5, not 0.8")
