"""McNemar's test beside that of statsmodels."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.contingency_tables import mcnemar as reference

from ml.comparisons import AnswersNotJudged, LengthsDiffer, McNemar, mcnemar

Judged = npt.NDArray[np.bool_]
PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=120)


def judged(both: int, only_first: int, only_second: int, neither: int) -> tuple[Judged, Judged]:
    counts = [both, only_first, only_second, neither]
    return np.repeat([True, True, False, False], counts), np.repeat([True, False, True, False], counts)


@pytest.mark.parametrize(
    ("only_first", "only_second"),
    [(0, 1), (1, 0), (5, 5), (3, 9), (0, 24), (24, 0), (12, 13), (10, 30), (0, 25), (400, 300)],
)
def test_it_says_what_statsmodels_says(only_first: int, only_second: int) -> None:
    found = mcnemar(*judged(60, only_first, only_second, 7))
    exact = only_first + only_second < 25
    expected = reference([[60, only_first], [only_second, 7]], exact=exact, correction=True)
    assert (found.statistic, found.p_value) == pytest.approx((expected.statistic, expected.pvalue))
    assert (found.only_first, found.only_second, found.exact) == (only_first, only_second, exact)


def test_equal_counts_are_no_difference_where_the_correction_alone_would_make_one() -> None:
    assert mcnemar(*judged(10, 20, 20, 3)) == McNemar(20, 20, 0.0, 1.0, exact=False)


@pytest.mark.parametrize("both", [0, 100])
def test_candidates_that_are_right_on_the_same_rows_do_not_differ(both: int) -> None:
    assert mcnemar(*judged(both, 0, 0, 20)) == McNemar(0, 0, 0.0, 1.0, exact=True)


@settings(deadline=None, max_examples=50)
@given(st.data(), PAIRS)
def test_swapped_candidates_mirror_it_and_the_order_of_rows_never_matters(
    data: st.DataObject, pairs: list[tuple[bool, bool]]
) -> None:
    first, second = np.array(pairs, dtype=bool).reshape(-1, 2).T
    found, swapped = mcnemar(first, second), mcnemar(second, first)
    assert (swapped.only_first, swapped.only_second) == (found.only_second, found.only_first)
    assert (swapped.statistic, swapped.p_value) == (found.statistic, found.p_value)
    assert 0.0 <= found.p_value <= 1.0
    order = data.draw(st.permutations(range(len(pairs))))
    assert mcnemar(first[order], second[order]) == found


@pytest.mark.parametrize("answers", [[0.25, 0.5], [1, 0], ["a", "b"]])
def test_answers_that_nobody_judged_are_refused(answers: list[object]) -> None:
    with pytest.raises(AnswersNotJudged, match="true for each right answer") as refused:
        mcnemar(np.array(answers), np.array([True, False]))
    assert refused.value.kind == np.array(answers).dtype.name


def test_answers_to_different_rows_are_refused() -> None:
    with pytest.raises(LengthsDiffer, match="2 values cannot be paired with 3"):
        mcnemar([True, False], [True, False, True])
