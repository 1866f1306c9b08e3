import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml.report.bins import equal_counts


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=80), st.integers(1, 12))
def test_bins_follow_the_values_and_never_part_equal_ones(values: list[int], bins: int) -> None:
    given_values = np.array(values, dtype=float)
    codes = equal_counts(given_values, bins)
    order = np.argsort(given_values, kind="stable")
    steps, rises = np.diff(codes[order]), np.diff(given_values[order])
    assert set(codes) == set(range(codes.max() + 1))
    assert codes.max() < bins
    assert ((steps == 0) | ((steps == 1) & (rises > 0))).all()


def test_distinct_values_are_shared_out_evenly() -> None:
    counts = np.bincount(equal_counts(np.random.default_rng(1).random(1003), 10))
    assert counts.min() >= 100
    assert counts.max() <= 101


def test_a_value_that_many_share_is_in_the_bin_where_most_of_them_would_be() -> None:
    assert equal_counts(np.repeat([1.0, 2.0], [1, 9]), 2).tolist() == [0] + [1] * 9


def test_no_values_are_in_no_bin() -> None:
    assert equal_counts(np.zeros(0), 5).tolist() == []
