import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from ml.engines.lags import Lagged, SeriesTooShort, Simple

SEASON = np.array([1.0, 5.0, 2.0, 8.0])


def test_simple_forecasts_are_what_they_say() -> None:
    series = np.array([1.0, 3.0, 2.0, 4.0])
    assert Simple("last", 1).fit(series, None).predict(2, None).tolist() == [4, 4]
    assert Simple("mean", 1).fit(series, None).predict(2, None).tolist() == [2.5, 2.5]
    assert Simple("drift", 1).fit(series, None).predict(2, None).tolist() == [5, 6]
    assert Simple("season", 2).fit(series, None).predict(3, None).tolist() == [2, 4, 2]


def test_a_trend_with_a_season_goes_on() -> None:
    steps = np.arange(44)
    series = 3.0 * steps + np.tile(SEASON, 11)
    found = Lagged(LinearRegression(), season=4).fit(series[:40], None).predict(4, None)
    assert found == pytest.approx(series[40:])


def test_what_goes_along_is_used() -> None:
    along = pd.DataFrame({"x": np.random.default_rng(1).normal(size=60)})
    series = np.concatenate([[0.0], np.cumsum(along["x"].to_numpy())])[1:]
    fitted = Lagged(LinearRegression(), season=1).fit(series[:55], along.iloc[:55])
    assert fitted.predict(5, along.iloc[55:].reset_index(drop=True)) == pytest.approx(series[55:])


def test_too_little_past_is_refused_in_words() -> None:
    with pytest.raises(SeriesTooShort, match="fewer folds"):
        Lagged(LinearRegression(), season=4).fit(np.arange(6.0), None)
