"""What a winner is worth on new data, beside what was put in, and beside the bootstrap spelled out."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from ml.comparisons import DrawsUnscorable, NotFinite, NothingToChoose, expected_of_values, expected_score

Numbers = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]


def noise(rows: int, candidates: int, seed: int) -> Numbers:
    return np.random.default_rng(seed).normal(size=(rows, candidates))


def area(positive: npt.NDArray[np.bool_], rankings: Numbers) -> Callable[[int, Rows], float]:
    def score(candidate: int, rows: Rows) -> float:
        if positive[rows].all() or not positive[rows].any():
            return float("nan")
        return float(roc_auc_score(positive[rows], rankings[rows, candidate]))

    return score


def test_it_is_the_bootstrap_of_tsamardinos_spelled_out() -> None:
    values = noise(40, 3, seed=1)
    chance, outside = np.random.default_rng(7), []
    for _ in range(50):
        bag = chance.integers(40, size=40).tolist()
        means = [sum(values[row, candidate] for row in bag) / 40 for candidate in range(3)]
        best = means.index(max(means))
        outside.append(float(np.mean([values[row, best] for row in range(40) if row not in bag])))
    found = expected_of_values(values, seed=7, draws=50)
    assert found.on_new_rows == pytest.approx(np.mean(outside))
    assert (found.low, found.high) == pytest.approx(np.quantile(outside, (0.025, 0.975)))
    assert found.on_these_rows == pytest.approx(values.mean(axis=0).max())
    assert found.winner == values.mean(axis=0).argmax()


def test_the_luck_of_the_best_of_twenty_equal_candidates_is_taken_back() -> None:
    # The truth is 0 for all; the best of twenty looks like nearly two standard errors.
    races = [expected_of_values(noise(200, 20, seed), seed=seed, draws=200) for seed in range(30)]
    assert np.mean([race.on_these_rows for race in races]) > 0.1
    assert abs(float(np.mean([race.on_new_rows for race in races]))) < 0.04
    assert np.mean([race.low <= 0 <= race.high for race in races]) >= 0.9


def test_a_winner_that_is_far_ahead_was_not_lucky() -> None:
    values = noise(300, 5, seed=2) + np.array([0, 0, 5, 0, 0])
    found = expected_of_values(values, seed=1, draws=300)
    assert found.winner == 2
    assert found.on_new_rows == pytest.approx(found.on_these_rows, abs=0.02)


def test_a_score_that_is_a_mean_comes_out_the_same_by_rows_and_by_values() -> None:
    values = noise(60, 4, seed=3)
    by_rows = expected_score(lambda n, rows: float(values[rows, n].mean()), candidates=4, rows=60, seed=5, draws=100)
    by_values = expected_of_values(values, seed=5, draws=100)
    assert by_rows.on_new_rows == pytest.approx(by_values.on_new_rows)
    assert (by_rows.winner, by_rows.draws) == (by_values.winner, by_values.draws)


def test_the_area_under_a_curve_is_taken_back_too() -> None:
    positive = np.arange(120) % 3 == 0
    found = expected_score(area(positive, noise(120, 10, seed=4)), candidates=10, rows=120, seed=1, draws=100)
    assert found.on_these_rows > 0.55
    assert found.low < 0.5 < found.high
    assert found.on_new_rows < found.on_these_rows


def test_the_seed_decides_the_draws() -> None:
    values = noise(50, 3, seed=1)
    first, same, other = (expected_of_values(values, seed=seed, draws=50) for seed in (1, 1, 2))
    assert first == same
    assert first.on_new_rows != other.on_new_rows


@settings(deadline=None, max_examples=30)
@given(st.data(), st.integers(1, 6), st.integers(0, 99))
def test_the_order_of_candidates_only_moves_the_winner(data: st.DataObject, candidates: int, seed: int) -> None:
    # Of few different values, so that there are ties inside the bag.
    values = np.round(noise(12, candidates, seed))
    order = data.draw(st.permutations(range(candidates)))
    found, moved = (expected_of_values(each, seed=1, draws=30) for each in (values, values[:, order]))
    assert moved.on_new_rows == pytest.approx(found.on_new_rows)
    assert (moved.low, moved.high) == pytest.approx((found.low, found.high))
    assert values[:, order[moved.winner]].mean() == pytest.approx(values[:, found.winner].mean())
    assert found.low <= found.on_new_rows <= found.high


def test_the_order_of_rows_changes_no_more_than_another_seed_does() -> None:
    values = noise(200, 5, seed=8)
    found, turned = (expected_of_values(each, seed=1).on_new_rows for each in (values, values[::-1]))
    assert found == pytest.approx(turned, abs=0.02)


def test_candidates_that_always_tie_are_worth_what_each_scored() -> None:
    found = expected_of_values(np.full((30, 4), 0.5), seed=1, draws=20)
    assert (found.winner, found.on_these_rows, found.on_new_rows, found.low, found.high) == (0, 0.5, 0.5, 0.5, 0.5)


def test_draws_without_a_score_do_not_count() -> None:
    positive = np.arange(30) < 3
    found = expected_score(area(positive, noise(30, 2, seed=1)), candidates=2, rows=30, seed=1, draws=200)
    assert 100 < found.draws < 200


def test_too_many_draws_without_a_score_are_refused() -> None:
    positive = np.arange(30) < 1
    with pytest.raises(DrawsUnscorable, match="0 of 50 draws") as refused:
        expected_score(area(positive, noise(30, 2, seed=1)), candidates=2, rows=30, seed=1, draws=50)
    assert (refused.value.scored, refused.value.draws) == (0, 50)


@pytest.mark.parametrize(("rows", "candidates"), [(1, 3), (0, 3), (10, 0)])
def test_nothing_to_choose_from_or_by_is_refused(rows: int, candidates: int) -> None:
    with pytest.raises(NothingToChoose, match="a candidate and two rows") as refused:
        expected_of_values(np.zeros((rows, candidates)), seed=1)
    assert (refused.value.rows, refused.value.candidates) == (rows, candidates)


def test_a_row_without_a_value_is_refused() -> None:
    with pytest.raises(NotFinite, match="1 of 6 values"):
        expected_of_values([[1.0, 2.0], [1.0, np.nan], [0.0, 1.0]], seed=1)
