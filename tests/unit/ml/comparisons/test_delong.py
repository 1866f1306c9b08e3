"""DeLong's test beside its definition, pair by pair."""

from math import inf, sqrt

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from ml.comparisons import ClassTooSmall, Delong, LengthsDiffer, NotFinite, delong

Numbers = npt.NDArray[np.float64]
TIED = st.integers(0, 5).map(float)
ROWS = st.lists(st.tuples(st.booleans(), TIED, TIED), min_size=1, max_size=40).map(
    lambda rows: [*rows, (True, 1.0, 2.0), (True, 3.0, 1.0), (False, 2.0, 1.0), (False, 0.0, 4.0)]
)


def pair_by_pair(positive: npt.NDArray[np.bool_], first: Numbers, second: Numbers) -> tuple[float, float, float]:
    """Return both areas and the standard error of their difference, as DeLong et al. (1988) define them."""
    areas, by_positive, by_negative = [], [], []
    for ranking in (first, second):
        ahead = ranking[positive][:, None] - ranking[~positive][None, :]
        right = (ahead > 0) + 0.5 * (ahead == 0)
        areas.append(float(right.mean()))
        by_positive.append(right.mean(axis=1))
        by_negative.append(right.mean(axis=0))
    covariances = [np.cov(by_positive) / positive.sum(), np.cov(by_negative) / (~positive).sum()]
    contrast = np.array([1, -1])
    return areas[0], areas[1], sqrt(max(0.0, sum(float(contrast @ matrix @ contrast) for matrix in covariances)))


def columns(rows: list[tuple[bool, float, float]]) -> tuple[npt.NDArray[np.bool_], Numbers, Numbers]:
    positive, first, second = zip(*rows, strict=True)
    return np.array(positive), np.array(first), np.array(second)


@pytest.mark.parametrize("levels", [0, 4])
@pytest.mark.parametrize("seed", range(4))
def test_it_says_what_all_pairs_say(levels: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    positive = chance.random(300) < 0.3
    first, second = (positive * gain + chance.normal(size=300) for gain in (1.0, 0.7))
    if levels:
        first, second = np.floor(first * levels), np.floor(second * levels)
    one, other, standard_error = pair_by_pair(positive, first, second)
    found = delong(positive, first, second)
    assert (found.first, found.second) == pytest.approx((one, other))
    assert (found.first, found.second) == pytest.approx([roc_auc_score(positive, each) for each in (first, second)])
    assert found.statistic == pytest.approx((one - other) / standard_error)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(one - other) / standard_error))
    assert (found.low, found.high) == pytest.approx(stats.norm.interval(0.95, one - other, standard_error))


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_it_says_what_all_pairs_say_with_ties_and_few_rows(rows: list[tuple[bool, float, float]]) -> None:
    one, other, standard_error = pair_by_pair(*columns(rows))
    found = delong(*columns(rows))
    assert (found.first, found.second) == pytest.approx((one, other))
    assert (found.high - found.low) / 2 == pytest.approx(standard_error * stats.norm.ppf(0.975), abs=1e-7)


def test_equal_candidates_are_called_different_as_often_as_promised() -> None:
    chance = np.random.default_rng(5)
    claims = 0
    for _ in range(400):
        positive = np.arange(200) < 80
        shared = positive + chance.normal(size=200)
        first, second = (shared + chance.normal(size=200) for _ in range(2))
        claims += delong(positive, first, second).p_value < 0.05
    assert stats.binomtest(claims, 400, 0.05).pvalue > 0.001


@settings(deadline=None, max_examples=50)
@given(st.data(), ROWS)
def test_swapped_candidates_mirror_it_and_the_order_of_rows_never_matters(
    data: st.DataObject, rows: list[tuple[bool, float, float]]
) -> None:
    positive, first, second = columns(rows)
    found = delong(positive, first, second)
    assert delong(positive, second, first) == Delong(
        found.second, found.first, -found.difference, -found.high, -found.low, -found.statistic, found.p_value
    )
    assert delong(*columns(data.draw(st.permutations(rows)))) == found
    assert 0.0 <= found.p_value <= 1.0


@settings(deadline=None, max_examples=50)
@given(ROWS)
def test_only_the_order_of_what_a_candidate_ranks_by_matters(rows: list[tuple[bool, float, float]]) -> None:
    positive, first, second = columns(rows)
    assert delong(positive, np.exp(first), second * 1000 - 7) == delong(positive, first, second)


def test_a_candidate_that_ranks_as_the_other_does_is_its_equal() -> None:
    ranking = [0.1, 0.4, 0.35, 0.8]
    assert delong([False, False, True, True], ranking, ranking) == Delong(0.75, 0.75, 0.0, 0.0, 0.0, 0.0, 1.0)


def test_a_difference_that_no_row_speaks_against_is_certain() -> None:
    found = delong([False, False, True, True], [1, 1, 2, 2], [2, 2, 1, 1])
    assert found == Delong(1.0, 0.0, 1.0, 1.0, 1.0, inf, 0.0)


@pytest.mark.parametrize(("positives", "negatives"), [(0, 5), (1, 4), (5, 0), (4, 1)])
def test_a_class_of_one_row_is_refused(positives: int, negatives: int) -> None:
    with pytest.raises(ClassTooSmall, match="needs 2 of each") as refused:
        delong([True] * positives + [False] * negatives, np.arange(5), np.arange(5))
    assert (refused.value.positives, refused.value.negatives) == (positives, negatives)


def test_rankings_of_different_rows_are_refused() -> None:
    with pytest.raises(LengthsDiffer):
        delong([True, True, False, False], [1, 2, 3, 4], [1, 2, 3])


def test_a_row_without_a_rank_is_refused() -> None:
    with pytest.raises(NotFinite):
        delong([True, True, False, False], [1, 2, 3, 4], [1, 2, np.nan, 4])
