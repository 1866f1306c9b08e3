"""Holm's correction beside that of statsmodels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from ml.comparisons import NotFinite, ProbabilityImpossible, holm

P_VALUES = st.lists(st.floats(0, 1) | st.sampled_from([0.0, 0.01, 0.02, 1.0]), min_size=1, max_size=20)


@pytest.mark.parametrize("pairs", [1, 2, 3, 10, 45])
@pytest.mark.parametrize("digits", [1, 15])
def test_it_says_what_statsmodels_says_with_ties_too(pairs: int, digits: int) -> None:
    p_values = np.random.default_rng(pairs).random(pairs).round(digits) ** 3
    assert holm(p_values) == pytest.approx(multipletests(p_values, method="holm")[1])


@settings(deadline=None, max_examples=50)
@given(P_VALUES)
def test_a_corrected_p_value_is_between_the_plain_one_and_that_of_bonferroni(p_values: list[float]) -> None:
    corrected, plain = holm(p_values), np.array(p_values)
    assert (plain <= corrected).all()
    assert (corrected <= np.minimum(plain * len(plain), 1.0)).all()


@settings(deadline=None, max_examples=50)
@given(st.data(), P_VALUES)
def test_the_order_of_the_pairs_never_matters(data: st.DataObject, p_values: list[float]) -> None:
    order = data.draw(st.permutations(range(len(p_values))))
    assert holm(np.array(p_values)[order]).tolist() == holm(p_values)[order].tolist()


def test_no_pair_is_corrected_to_none() -> None:
    assert holm([]).tolist() == []


@pytest.mark.parametrize("value", [-0.01, 1.01, 5.0])
def test_what_is_no_probability_is_refused(value: float) -> None:
    with pytest.raises(ProbabilityImpossible, match="position 1") as refused:
        holm([0.5, value])
    assert (refused.value.position, refused.value.value) == (1, value)


def test_a_missing_p_value_is_refused() -> None:
    with pytest.raises(NotFinite):
        holm([0.5, np.nan])
