from typing import Any

import pytest

from contracts.evaluation import LeaderboardUpdated, Standing
from tests.builders.refereed import a_refereed_board, a_verdict
from tests.unit.ui.cli.test_race import a_standing
from ui.frontier import front_lines, front_of, marks_of, scores_of


def one(candidate: str, *scores: float | None, ms: float | None = 1.0, kb: int | None = 1, **fields: Any) -> Standing:
    known = [score for score in scores if score is not None]
    defaults: dict[str, Any] = {
        "mean": sum(known) / len(known) if known else None, "scores": scores, "completed": len(known),
        "answer_seconds": None if ms is None else ms / 1000, "pipeline_bytes": None if kb is None else kb * 1000,
    }  # fmt: skip
    return a_standing(candidate, **defaults | fields)


def board_of(*standings: Standing, **fields: Any) -> LeaderboardUpdated:
    return a_refereed_board(standings=standings, **fields)


def front(*standings: Standing, **fields: Any) -> list[str]:
    return [each.candidate for each in front_of(board_of(*standings, **fields), "answer")]


def test_on_the_front_is_whom_nobody_beats_in_both_the_cheapest_first() -> None:
    slow_best, fast, slow_bad = one("best", 0.9, ms=9), one("fast", 0.8, ms=1), one("bad", 0.7, ms=5)
    assert front(slow_best, fast, slow_bad) == ["fast", "best"]


def test_of_an_error_the_smaller_is_the_better_score() -> None:
    assert front(one("a", 10.0, ms=9), one("b", 20.0, ms=1), one("c", 30.0, ms=5), greater_is_better=False) == [
        "b", "a",
    ]  # fmt: skip


def test_who_is_equal_in_both_shares_the_front() -> None:
    assert front(one("a", 0.9), one("b", 0.9), one("c", 0.8)) == ["a", "b"]


def test_of_those_who_are_tied_only_the_fastest_is_on_the_front() -> None:
    tied = a_verdict("tied")
    best = one("best", 0.9, ms=9, verdict=a_verdict("tied", against=None))
    assert front(best, one("quick", 0.88, ms=2, verdict=tied), one("slow", 0.89, ms=5, verdict=tied)) == ["quick"]


def test_a_mean_is_taken_over_the_folds_that_all_who_still_race_have() -> None:
    board = board_of(one("ahead", 0.8, 0.2), one("others", 0.7, None))
    assert scores_of(board) == {"ahead": 0.8, "others": 0.7}


def test_a_retired_candidate_stands_as_far_behind_as_its_verdict_says() -> None:
    closer = a_verdict("no_better", against="best", behind=0.01)
    board = board_of(one("best", 0.9, 0.7), one("gone", 0.95, None, retired=1, verdict=closer))
    assert scores_of(board)["gone"] == pytest.approx(0.79)
    worse = board_of(*board.standings, greater_is_better=False)
    assert scores_of(worse)["gone"] == pytest.approx(0.81)


def test_it_may_have_been_compared_with_one_that_was_retired_later() -> None:
    first = one("first", 0.5, None, None, retired=1, verdict=a_verdict(against="second", behind=0.1))
    second = one("second", 0.6, 0.6, None, retired=2, verdict=a_verdict(against="best", behind=0.2))
    assert scores_of(board_of(one("best", 0.9, 0.9, 0.9), first, second))["first"] == pytest.approx(0.6)


def test_who_was_retired_as_beaten_is_on_no_front_however_fast() -> None:
    beaten = one("quick", 0.5, None, ms=0.1, retired=1, verdict=a_verdict("beaten", against="best", behind=0.4))
    assert front(one("best", 0.9, 0.9), beaten) == ["best"]


def test_who_lost_a_fold_is_compared_with_nobody_unless_all_did() -> None:
    torn = one("torn", 0.9, None, completed=1, failed=1)
    assert scores_of(board_of(one("whole", 0.8, 0.8), torn)) == {"whole": 0.8}
    assert scores_of(board_of(torn)) == {"torn": 0.9}


def test_without_a_shared_fold_each_has_the_mean_of_its_own() -> None:
    assert scores_of(board_of(one("a", 0.8, None), one("b", None, 0.7))) == {"a": 0.8, "b": 0.7}


def test_who_has_no_score_or_no_known_cost_is_on_no_front() -> None:
    assert front(one("a", 0.8), one("unknown", 0.9, ms=None), one("failed", None)) == ["a"]
    assert list(front_lines(board_of(one("a", 0.8, ms=None, kb=None)))) == []
    assert list(front_lines(board_of())) == []


def test_both_fronts_are_told_with_what_each_costs() -> None:
    board = board_of(one("best", 0.9, ms=2.14, kb=40), one("small", 0.8, ms=3, kb=7))
    assert list(front_lines(board)) == [
        "front of score and answer time: Best 2.1 ms",
        "front of score and size: Small 7 kB, Best 40 kB",
    ]
    assert marks_of(board) == {"best": "both", "small": "size"}
