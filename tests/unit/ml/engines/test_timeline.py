import datetime

import numpy as np
import pandas as pd
import pytest

from ml.engines.timeline import MomentUnreadable, Timeline, TimesIrregular, TimesRepeated


def moments(start: str, count: int, frequency: str) -> pd.Series:
    return pd.Series(pd.date_range(start, periods=count, freq=frequency))


@pytest.mark.parametrize(
    ("frequency", "season"), [("MS", 12), ("QS", 4), ("AS", 1), ("W", 52), ("D", 7), ("H", 24), ("6H", 4), ("15T", 4)]
)
def test_evenly_spaced_moments_are_steps_and_suggest_their_season(frequency: str, season: int) -> None:
    given = moments("2001-03-01", 40, frequency)
    timeline = Timeline.learn("at", given)
    assert timeline.steps(given).tolist() == list(range(40))
    assert timeline.season == season


def test_years_as_whole_numbers_are_steps() -> None:
    timeline = Timeline.learn("year", pd.Series([1990, 1980, 1985]))
    assert timeline.steps(pd.Series([1980.0, 1995.0])).tolist() == [0, 3]
    assert timeline.moment(3) == 1995
    assert timeline.season == 1


def test_the_order_of_the_rows_changes_nothing() -> None:
    given = moments("2001-01-01", 30, "D")
    mixed = given.sample(frac=1, random_state=3)
    assert Timeline.learn("at", mixed) == Timeline.learn("at", given)
    assert np.array_equal(Timeline.learn("at", given).steps(mixed), mixed.index)


def test_working_days_are_days_with_gaps() -> None:
    given = moments("2024-01-01", 20, "B")
    assert Timeline.learn("at", given).steps(given).tolist()[:6] == [0, 1, 2, 3, 4, 7]


def test_a_step_is_said_as_a_moment() -> None:
    given = pd.Series([datetime.date(2001, month, 1) for month in range(1, 13)])
    assert Timeline.learn("month", given).moment(12) == "2002-01-01"
    assert Timeline.learn("at", moments("2001-01-01", 10, "H")).moment(13) == "2001-01-01T13:00:00"


def test_a_moment_twice_is_refused() -> None:
    with pytest.raises(TimesRepeated, match="2001-01-01"):
        Timeline.learn("at", pd.Series(pd.to_datetime(["2001-01-01", "2001-01-02", "2001-01-01"])))


def test_moments_spread_at_random_are_refused() -> None:
    with pytest.raises(TimesIrregular, match="one row for each period"):
        Timeline.learn("at", pd.Series(pd.to_datetime(["2001-01-01", "2001-01-02", "2001-06-15"])))


@pytest.mark.parametrize("moment", ["soon", None, "2001-01-01T13:00:00"])
def test_a_moment_off_the_steps_is_refused(moment: str | None) -> None:
    timeline = Timeline.learn("at", moments("2001-01-01", 9, "6H"))
    with pytest.raises(MomentUnreadable, match="'at'"):
        timeline.steps(pd.Series([moment], dtype=object))
