import numpy as np
import pytest
from scipy.stats import ttest_rel

from tests.bench.honesty.rivals import RIVALS, Numbers, anova, paired_t, wilcoxon_pruner

FOLDS = 10


def raced(*means: float, noise: float = 0.01, seed: int = 3) -> Numbers:
    """Return (folds, C) scores around these means, of folds that differ among themselves."""
    dice = np.random.default_rng(seed)
    return np.asarray(means + dice.normal(0, 0.1, (FOLDS, 1)) + dice.normal(0, noise, (FOLDS, len(means))))


@pytest.mark.parametrize("name", RIVALS)
def test_a_rival_retires_who_is_far_behind_and_never_all(name: str) -> None:
    out = RIVALS[name](raced(0.9, 0.5, 0.88, 0.2))
    assert {1, 3} <= out.keys()
    assert 0 not in out


@pytest.mark.parametrize(("name", "first"), [("paired_t", 3), ("anova", 3), ("wilcoxon_pruner", 4)])
def test_a_rival_looks_first_once_it_has_seen_enough_folds(name: str, first: int) -> None:
    """By Wilcoxon's test no three folds, whatever they are, are worth 10 %."""
    assert RIVALS[name](raced(0.9, 0.1))[1].folds == first


def test_the_paired_t_test_is_scipys() -> None:
    scores = raced(0.9, 0.895, noise=0.02, seed=2)
    end = paired_t(scores)[1]
    tests = {folds: ttest_rel(scores[:folds, 0], scores[:folds, 1]) for folds in (end.folds - 1, end.folds)}
    assert tests[end.folds].pvalue < 0.05 <= tests[end.folds - 1].pvalue


def test_anova_takes_folds_for_alike_where_they_differ_by_less_than_chance() -> None:
    """All folds have the mean 0.5: what they differ by, 0, counts as noise too, which is then half as large."""
    scores = np.array([[0.52, 0.48], [0.496, 0.504], [0.52, 0.48], [0.5, 0.5]])
    assert anova(scores)[1].folds == 3


def test_optunas_pruner_has_one_candidate_finish_before_the_next_begins() -> None:
    """So one that is beaten by a later one is not retired: its folds are raced by then."""
    assert wilcoxon_pruner(raced(0.2, 0.9, 0.1)).keys() == {2}
    assert wilcoxon_pruner(raced(0.2, 0.9, 0.1))[2].by == 1
