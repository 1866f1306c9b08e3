"""Two candidates on the same folds, beside baycomp, numerical integration and a paired t-test."""

from math import inf, sqrt

import baycomp
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad

from ml.comparisons import (
    Difference,
    LengthsDiffer,
    MarginImpossible,
    NotFinite,
    ScoresTooFew,
    ShareImpossible,
    Shares,
    corrected_t,
    correlated_t,
)

Numbers = npt.NDArray[np.float64]
FIRST = np.array([0.81, 0.79, 0.84, 0.80, 0.77, 0.82, 0.85, 0.78, 0.80, 0.83])
SECOND = np.array([0.80, 0.79, 0.81, 0.79, 0.78, 0.80, 0.82, 0.78, 0.79, 0.80])

SCORES = st.floats(0, 1, width=32)
PAIRS = st.lists(st.tuples(SCORES, SCORES), min_size=3, max_size=30)
MARGINS = st.sampled_from([0.0, 0.005, 0.1])
TEST_SHARES = st.floats(0.01, 0.9)


def two_of(pairs: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    return [one for one, _ in pairs], [other for _, other in pairs]


@pytest.mark.parametrize("margin", [0.001, 0.005, 0.02, 0.3])
@pytest.mark.parametrize("runs", [1, 2, 5])
@pytest.mark.parametrize("seed", range(5))
def test_the_shares_are_those_of_baycomp(margin: float, runs: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    first, second = chance.normal(0.8, 0.02, size=10 * runs), chance.normal(0.79, 0.02, size=10 * runs)
    # baycomp's left is that the first of its two is better.
    better, same, worse = baycomp.two_on_single(first, second, rope=margin, runs=runs)
    found = correlated_t(first, second, margin=margin, test_share=1 / 10)
    assert (found.better, found.same, found.worse) == pytest.approx((better, same, worse), abs=1e-12)


def test_without_a_margin_the_shares_are_those_of_baycomp() -> None:
    better, worse = baycomp.two_on_single(FIRST, SECOND)
    found = correlated_t(FIRST, SECOND, margin=0.0, test_share=1 / 10)
    assert (found.better, found.worse) == pytest.approx((better, worse), abs=1e-12)
    assert found.same == pytest.approx(0.0, abs=1e-12)


def test_the_shares_are_areas_below_the_density_of_the_published_posterior() -> None:
    # Benavoli et al. 2017: Student, n - 1 degrees, the mean, and (1/n + rho/(1 - rho)) times the sample variance.
    gained = FIRST - SECOND
    scale = sqrt((1 / 10 + 0.1 / 0.9) * np.var(gained, ddof=1))
    density = stats.t(9, loc=gained.mean(), scale=scale).pdf
    found = correlated_t(FIRST, SECOND, margin=0.01, test_share=0.1)
    for share, (low, high) in ((found.worse, (-1, -0.01)), (found.same, (-0.01, 0.01)), (found.better, (0.01, 1))):
        assert share == pytest.approx(quad(density, low, high, points=[gained.mean()], limit=200)[0], abs=1e-7)


def test_the_corrected_t_test_is_the_paired_one_with_a_wider_variance() -> None:
    plain = stats.ttest_rel(FIRST, SECOND)
    found = corrected_t(FIRST, SECOND, test_share=0.1)
    statistic = plain.statistic * sqrt((1 / 10) / (1 / 10 + 0.1 / 0.9))
    assert found.statistic == pytest.approx(statistic)
    assert found.p_value == pytest.approx(2 * stats.t.sf(statistic, 9))
    low, high = stats.t.interval(0.95, 9, loc=found.mean, scale=found.mean / statistic)
    assert (found.low, found.high) == pytest.approx((low, high))


def test_a_p_value_of_one_in_twenty_is_where_the_interval_ends_at_no_difference() -> None:
    found = corrected_t(FIRST, SECOND, test_share=0.1)
    at_its_own_level = corrected_t(FIRST, SECOND, test_share=0.1, confidence=1 - found.p_value)
    assert at_its_own_level.low == pytest.approx(0.0, abs=1e-12)


def test_equal_scores_are_the_same_and_no_difference() -> None:
    assert correlated_t(FIRST, FIRST, margin=0.0, test_share=0.1) == Shares(better=0.0, same=1.0, worse=0.0)
    assert corrected_t(FIRST, FIRST, test_share=0.1) == Difference(0.0, 0.0, 0.0, 0.0, 1.0)


def test_scores_that_rounding_tells_apart_are_equal() -> None:
    assert corrected_t([0.1 + 0.2, 0.3, 0.7], [0.3, 0.3, 0.6 + 0.1], test_share=0.1).p_value == 1.0


@pytest.mark.parametrize(("gain", "better", "same"), [(0.25, 1.0, 0.0), (0.0625, 0.0, 1.0), (0.125, 0.0, 1.0)])
def test_a_gain_that_is_the_same_on_every_fold_leaves_no_doubt(gain: float, better: float, same: float) -> None:
    found = correlated_t([0.5 + gain] * 5, [0.5] * 5, margin=0.125, test_share=0.2)
    assert found == Shares(better=better, same=same, worse=0.0)
    assert corrected_t([0.5 + gain] * 5, [0.5] * 5, test_share=0.2) == Difference(gain, gain, gain, inf, 0.0)


def test_a_gain_that_only_rounding_varies_is_the_same_on_every_fold() -> None:
    found = corrected_t([0.75, 0.8, 0.35], [0.7, 0.75, 0.3], test_share=0.2)
    assert found.low == found.high == pytest.approx(0.05)


@settings(deadline=None, max_examples=50)
@given(PAIRS, MARGINS, TEST_SHARES)
def test_swapped_candidates_have_swapped_shares_that_sum_to_one(
    pairs: list[tuple[float, float]], margin: float, test_share: float
) -> None:
    first, second = two_of(pairs)
    found = correlated_t(first, second, margin=margin, test_share=test_share)
    swapped = correlated_t(second, first, margin=margin, test_share=test_share)
    assert swapped == Shares(better=found.worse, same=found.same, worse=found.better)
    assert found.better + found.same + found.worse == pytest.approx(1.0)
    assert min(found.better, found.same, found.worse) >= 0.0


@settings(deadline=None, max_examples=50)
@given(PAIRS, TEST_SHARES)
def test_swapped_candidates_have_the_same_p_value_and_the_opposite_difference(
    pairs: list[tuple[float, float]], test_share: float
) -> None:
    first, second = two_of(pairs)
    found, swapped = (
        corrected_t(first, second, test_share=test_share),
        corrected_t(second, first, test_share=test_share),
    )
    assert swapped == Difference(-found.mean, -found.high, -found.low, -found.statistic, found.p_value)
    assert 0.0 <= found.p_value <= 1.0
    assert found.low <= found.mean <= found.high


@settings(deadline=None, max_examples=50)
@given(st.data(), PAIRS, MARGINS, TEST_SHARES)
def test_the_order_of_the_folds_never_matters(
    data: st.DataObject, pairs: list[tuple[float, float]], margin: float, test_share: float
) -> None:
    first, second = two_of(pairs)
    moved = two_of(data.draw(st.permutations(pairs)))
    found = correlated_t(first, second, margin=margin, test_share=test_share)
    assert correlated_t(*moved, margin=margin, test_share=test_share) == found
    assert corrected_t(*moved, test_share=test_share) == corrected_t(first, second, test_share=test_share)


def test_scores_without_a_partner_are_refused() -> None:
    with pytest.raises(LengthsDiffer, match="10 values cannot be paired with 9") as refused:
        corrected_t(FIRST, SECOND[:9], test_share=0.1)
    assert (refused.value.first, refused.value.second) == (10, 9)


@pytest.mark.parametrize("lost", [np.nan, np.inf])
def test_a_fold_without_a_score_is_refused(lost: float) -> None:
    with pytest.raises(NotFinite, match="1 of 3 values") as refused:
        corrected_t([0.5, lost, 0.5], [0.5, 0.5, 0.5], test_share=0.1)
    assert (refused.value.missing, refused.value.values) == (1, 3)


def test_two_scores_are_refused() -> None:
    with pytest.raises(ScoresTooFew, match=r"needs 3 scores.*there are 2") as refused:
        correlated_t([0.5, 0.6], [0.5, 0.5], margin=0.0, test_share=0.5)
    assert (refused.value.scores, refused.value.needed) == (2, 3)


@pytest.mark.parametrize("test_share", [0.0, 1.0, -0.1, 10.0, np.nan])
def test_a_share_of_no_rows_or_of_all_is_refused(test_share: float) -> None:
    with pytest.raises(ShareImpossible, match="Ten folds keep out"):
        corrected_t(FIRST, SECOND, test_share=test_share)


@pytest.mark.parametrize("margin", [-0.01, np.nan, np.inf])
def test_a_margin_below_none_is_refused(margin: float) -> None:
    with pytest.raises(MarginImpossible, match="0 or more"):
        correlated_t(FIRST, SECOND, margin=margin, test_share=0.1)
