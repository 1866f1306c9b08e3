import numpy as np
import pytest

from ml.referee.boundary import all_looks, one_look


@pytest.mark.parametrize(("candidates", "folds"), [(2, 10), (10, 10), (14, 5), (5, 25)])
def test_the_best_of_equals_is_retired_in_one_race_of_twenty(candidates: int, folds: int) -> None:
    random = np.random.default_rng(candidates * 100 + folds)
    races = 20_000
    walks = random.standard_normal((races, folds - 1, candidates)).cumsum(axis=1)
    # One of them is the best by nothing at all; each look compares it with all others.
    ahead = (walks[:, :, 1:].max(axis=2) - walks[:, :, 0]) / np.sqrt(2 * np.arange(1, folds))
    wrong = float((ahead.max(axis=1) > all_looks(candidates, folds)).mean())
    assert wrong == pytest.approx(0.05, abs=0.007)


@pytest.mark.parametrize("candidates", [2, 5, 14, 25])
def test_at_the_end_the_best_of_equals_is_called_worse_in_one_race_of_twenty(candidates: int) -> None:
    random = np.random.default_rng(candidates)
    means = random.standard_normal((50_000, candidates))
    wrong = float(((means[:, 1:].max(axis=1) - means[:, 0]) / np.sqrt(2) > one_look(candidates)).mean())
    assert wrong == pytest.approx(0.05, abs=0.006)


def test_more_candidates_and_more_looks_ask_for_more() -> None:
    assert all_looks(2, 5) < all_looks(3, 5) < all_looks(3, 7) < all_looks(40, 7) < all_looks(40, 60)
    assert one_look(2) < one_look(3) < one_look(60)


def test_fewer_than_the_least_that_was_simulated_ask_for_no_less() -> None:
    assert all_looks(1, 2) == all_looks(2, 5)
