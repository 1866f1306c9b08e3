"""What is compared in pairs, and what is only rounding."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.comparisons.paired import differences, finite, in_standard_errors, mean, spread

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=50)


@settings(deadline=None, max_examples=50)
@given(VALUES)
def test_mean_and_spread_are_those_of_numpy(values: list[float]) -> None:
    numbers = np.array(values)
    assert mean(numbers) == pytest.approx(numbers.mean(), rel=1e-9, abs=1e-9)
    assert spread(numbers, scale=0.0) == pytest.approx(numbers.var(ddof=1), rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(st.data(), VALUES)
def test_mean_and_spread_are_the_same_in_whatever_order(data: st.DataObject, values: list[float]) -> None:
    numbers, moved = np.array(values), np.array(data.draw(st.permutations(values)))
    assert mean(moved) == mean(numbers)
    assert spread(moved, scale=1.0) == spread(numbers, scale=1.0)


def test_a_small_difference_of_small_numbers_is_not_rounding() -> None:
    assert differences([2e-20], [1e-20]).tolist() == [1e-20]
    assert spread(np.array([1e-20, 2e-20]), scale=2e-20) == pytest.approx(5e-41)


def test_neither_side_is_changed() -> None:
    first, second = np.array([1.0, 2.0]), np.array([0.5, 2.0])
    differences(first, second)
    assert (first.tolist(), second.tolist()) == ([1.0, 2.0], [0.5, 2.0])


def test_nothing_is_finite() -> None:
    assert finite([]).tolist() == []


def test_without_spread_a_difference_is_infinitely_many_standard_errors() -> None:
    assert in_standard_errors(0.1, 0.0) == np.inf
    assert in_standard_errors(0.0, 0.0) == 0.0
