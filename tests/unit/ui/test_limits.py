import pytest

from contracts.evaluation import Standing
from tests.builders.refereed import a_refereed_board
from tests.unit.ui.test_frontier import board_of, one
from ui.limits import NO_LIMITS, Limits, best_within, limits_line, outside


@pytest.mark.parametrize(
    ("standing", "limits", "reason"),
    [
        (one("rf", 0.9, ms=8.44), NO_LIMITS, ""),
        (one("rf", 0.9, ms=8.44), Limits(answer_ms=9), ""),
        (one("rf", 0.9, ms=8.44), Limits(answer_ms=5), "answers in 8.4 ms"),
        (one("rf", 0.9, ms=5.0), Limits(answer_ms=5), "answers in 5 ms"),
        (one("rf", 0.9, kb=36_000), Limits(megabytes=20), "takes 36 MB"),
        (one("rf", 0.9, kb=20_000), Limits(megabytes=20.1), ""),
        (one("rf", 0.9), Limits(ensembles=False), "is an ensemble"),
        (one("lr", 0.9), Limits(ensembles=False), ""),
        (one("rf", 0.9, ms=8.44, kb=36_000), Limits(5, 20), "answers in 8.4 ms, takes 36 MB"),
        (one("lr", 0.9, ms=None, kb=None), Limits(5, 20), "answer time not known, size not known"),
        (one("acme.models:Booster", 0.9), Limits(ensembles=False), "own class, so not known whether an ensemble"),
    ],
)  # fmt: skip
def test_who_is_outside_of_the_limits_is_told_why(standing: Standing, limits: Limits, reason: str) -> None:
    assert outside(standing, limits) == reason


def test_the_best_within_the_limits_is_told_with_what_they_cost() -> None:
    assert limits_line(a_refereed_board(), Limits(5, 20, ensembles=False)) == (
        "the best within the limits (under 5 ms, under 20 MB, no ensemble) is Logistic Regression, 1.6 ms, 14 kB: "
        "0.0046 AUC behind the best of all; verdict: at most 0.005 better after 5 folds"
    )


def test_of_those_who_are_tied_the_one_that_answers_fastest_is_the_best_within_the_limits() -> None:
    assert limits_line(a_refereed_board(), Limits(5)) == (
        "the best within the limits (under 5 ms) is Gradient Boosting, 2.1 ms, 390 kB: nobody is better"
    )


def test_if_only_beaten_ones_keep_to_the_limits_the_best_of_these_is_told() -> None:
    board = a_refereed_board()
    best = best_within(board, Limits(1.6, 0.0155, ensembles=False))
    assert best is not None
    assert best.name == "Naive Bayes"
    assert "verdict: beaten after 1 fold by Light Gradient" in limits_line(board, Limits(1.6, 0.0155, ensembles=False))


def test_of_an_error_the_smallest_is_the_best_within_the_limits() -> None:
    board = board_of(one("a", 10.0, ms=9), one("b", 20.0, ms=1), one("c", 30.0, ms=1), greater_is_better=False)
    best = best_within(board, Limits(5))
    assert best is not None
    assert best.candidate == "b"
    assert "10.0000 AUC behind the best of all" in limits_line(board, Limits(5))


def test_if_nobody_is_within_the_limits_that_is_told() -> None:
    assert limits_line(a_refereed_board(), Limits(1)) == "nobody is within the limits (under 1 ms)"


def test_as_long_as_the_race_goes_on_the_best_is_so_only_so_far() -> None:
    line = limits_line(a_refereed_board(through=2), Limits(ensembles=False))
    assert line.startswith("the best within the limits (no ensemble) so far is Logistic Regression")
