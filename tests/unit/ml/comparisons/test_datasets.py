"""Friedman's and Nemenyi's tests beside scipy's, the tables and the example of Demsar (2006)."""

from itertools import permutations, product
from math import inf, sqrt

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from ml.comparisons import NotFinite, TooFewToRank, critical_difference, friedman, nemenyi

# AUC of C4.5 with and without two of its settings on 14 datasets, Demsar 2006, table 6. Those of the last two on the
# 13th, voting, are both printed as 0.975, and ranked 2 and 3.
C45 = np.array(
    [
        [0.763, 0.768, 0.771, 0.798],
        [0.599, 0.591, 0.590, 0.569],
        [0.954, 0.971, 0.968, 0.967],
        [0.628, 0.661, 0.654, 0.657],
        [0.882, 0.888, 0.886, 0.898],
        [0.936, 0.931, 0.916, 0.931],
        [0.661, 0.668, 0.609, 0.685],
        [0.583, 0.583, 0.563, 0.625],
        [0.775, 0.838, 0.866, 0.875],
        [1.000, 1.000, 1.000, 1.000],
        [0.940, 0.962, 0.965, 0.962],
        [0.619, 0.666, 0.614, 0.669],
        [0.972, 0.981, 0.9751, 0.9749],
        [0.957, 0.978, 0.946, 0.970],
    ]
)
TABLES = st.integers(3, 6).flatmap(
    lambda candidates: st.lists(
        st.lists(st.integers(0, 9).map(float), min_size=candidates, max_size=candidates), min_size=5, max_size=12
    )
)


def test_the_example_of_demsar_comes_out_as_printed() -> None:
    found = friedman(C45)
    assert found.mean_ranks == pytest.approx((3.143, 2.000, 2.893, 1.964), abs=5e-4)
    # The paper does not correct for ties; its statistics follow from the same ranks.
    chi_square = 12 * 14 / (4 * 5) * (np.square(found.mean_ranks).sum() - 4 * 5**2 / 4)
    assert chi_square == pytest.approx(9.28, abs=5e-3)
    assert 13 * chi_square / (14 * 3 - chi_square) == pytest.approx(3.69, abs=5e-3)
    assert found.statistic > 3.69
    assert found.p_value < 0.05


@pytest.mark.parametrize(("level", "printed"), [(0.05, 1.25), (0.10, 1.12)])
def test_the_critical_differences_of_the_example_come_out_as_printed(level: float, printed: float) -> None:
    assert nemenyi(friedman(C45), level=level).critical_difference == pytest.approx(printed, abs=5e-3)


@pytest.mark.parametrize(
    ("level", "printed"),
    [
        (0.05, [1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164]),
        (0.10, [1.645, 2.052, 2.291, 2.459, 2.589, 2.693, 2.780, 2.855, 2.920]),
    ],
)
def test_the_critical_values_are_those_of_the_printed_table(level: float, printed: list[float]) -> None:
    # Demsar 2006, table 5a, from 2 to 10 candidates: one unit of its last digit apart at most.
    for candidates, value in enumerate(printed, start=2):
        in_ranks = value * sqrt(candidates * (candidates + 1) / (6 * 20))
        assert critical_difference(candidates, 20, level=level) == pytest.approx(in_ranks, rel=1.1e-3 / value)


@settings(deadline=None, max_examples=50)
@given(TABLES)
def test_chi_square_is_that_of_scipy_with_ties_too(scores: list[list[float]]) -> None:
    assume(any(len(set(row)) > 1 for row in scores))
    assert friedman(scores).chi_square == pytest.approx(
        stats.friedmanchisquare(*np.array(scores).T).statistic, abs=1e-9
    )


@pytest.mark.parametrize("seed", range(5))
def test_f_is_that_of_iman_and_davenport(seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(12, 5)) + np.arange(5) / 5
    found = friedman(scores)
    chi_square = stats.friedmanchisquare(*scores.T).statistic
    statistic = 11 * chi_square / (12 * 4 - chi_square)
    assert (found.statistic, found.p_value) == pytest.approx((statistic, stats.f.sf(statistic, 4, 44)))


def test_pairs_differ_where_their_ranks_are_a_critical_difference_apart() -> None:
    ranking = friedman(np.random.default_rng(1).normal(size=(10, 6)) + np.arange(6) / 2)
    found = nemenyi(ranking)
    ranks = np.array(ranking.mean_ranks)
    apart = np.abs(ranks[:, None] - ranks)
    assert ((found.p_values < 0.05) == (apart > found.critical_difference)).all()
    assert (found.p_values < 0.05).any()
    assert np.array_equal(found.p_values, found.p_values.T)
    assert found.p_values.diagonal().tolist() == [1.0] * 6


def test_two_candidates_differ_as_by_a_test_of_signs() -> None:
    # With two candidates the range of their ranks is a normal difference.
    assert critical_difference(2, 25) == pytest.approx(stats.norm.ppf(0.975) / sqrt(25))


def test_datasets_that_all_agree_are_no_less_likely_than_chance_has_it() -> None:
    found = friedman([[0.3, 0.2, 0.1]] * 5)
    assert (found.mean_ranks, found.chi_square, found.statistic) == ((1.0, 2.0, 3.0), 10.0, inf)
    assert found.p_value == pytest.approx(1 / 6**4)


def test_candidates_that_tie_everywhere_do_not_differ() -> None:
    found = friedman(np.full((6, 4), 0.5))
    assert (found.mean_ranks, found.statistic, found.p_value) == ((2.5,) * 4, 0.0, 1.0)
    assert (nemenyi(found).p_values == 1.0).all()


def test_on_the_fewest_datasets_the_promised_chance_of_a_false_claim_is_kept_nearly() -> None:
    # All ways in which five datasets can rank three equal candidates, the first of them as it is.
    ways = list(permutations((1.0, 2.0, 3.0)))
    claims = [friedman([ways[0], *others]).p_value < 0.05 for others in product(ways, repeat=4)]
    assert np.mean(claims) < 0.06


@settings(deadline=None, max_examples=50)
@given(TABLES)
def test_the_order_of_candidates_only_moves_their_ranks(scores: list[list[float]]) -> None:
    found, turned = friedman(scores), friedman([row[::-1] for row in scores])
    assert turned.mean_ranks == found.mean_ranks[::-1]
    assert turned.p_value == pytest.approx(found.p_value)
    assert 0.0 <= found.p_value <= 1.0


@settings(deadline=None, max_examples=50)
@given(st.data(), TABLES)
def test_the_order_of_datasets_never_matters(data: st.DataObject, scores: list[list[float]]) -> None:
    assert friedman(data.draw(st.permutations(scores))) == friedman(scores)


@settings(deadline=None, max_examples=50)
@given(TABLES)
def test_a_dataset_counts_once_whatever_its_scale(scores: list[list[float]]) -> None:
    assert friedman([[1000 * score - 3 for score in scores[0]], *scores[1:]]) == friedman(scores)


@pytest.mark.parametrize(("datasets", "candidates"), [(4, 5), (1, 3), (12, 2)])
def test_ranks_over_too_little_are_refused(datasets: int, candidates: int) -> None:
    with pytest.raises(TooFewToRank, match="5 datasets and 3 candidates") as refused:
        friedman(np.ones((datasets, candidates)))
    assert (refused.value.datasets, refused.value.candidates) == (datasets, candidates)


def test_a_candidate_without_a_score_on_some_dataset_is_refused() -> None:
    with pytest.raises(NotFinite):
        friedman([[0.1, 0.2, np.nan]] * 6)
