import pytest
from statsmodels.stats.proportion import proportion_confint

from tests.bench.honesty.shares import share_of


def test_replays_of_races_of_their_own_have_wilsons_interval() -> None:
    found = share_of([True] * 5 + [False] * 95, range(100))
    assert (found.low, found.high) == pytest.approx(proportion_confint(5, 100, method="wilson"))


def test_replays_that_say_the_same_count_once() -> None:
    once = share_of([True, False, False, False], range(4))
    thrice = share_of([True, False, False, False] * 3, [*range(4)] * 3)
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high))
    assert (thrice.replays, thrice.clusters) == (12, 4)


def test_where_nothing_went_wrong_each_race_counts_once() -> None:
    found = share_of([False] * 300, [number // 3 for number in range(300)])
    assert (found.low, found.high) == pytest.approx(proportion_confint(0, 100, method="wilson"))
