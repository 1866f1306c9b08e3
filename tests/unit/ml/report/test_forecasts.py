import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.stattools import acf

from ml.report.evidence import Evidence
from ml.report.forecasts import autocorrelation, forecast_tables
from tests.builders.evidence import evidence_of
from tests.builders.unlabelled import a_series

RANDOM = np.random.default_rng(2)


def test_autocorrelations_and_bounds_are_those_of_statsmodels() -> None:
    series = RANDOM.normal(size=90).cumsum()
    table = autocorrelation(series)
    expected, ends = acf(series, nlags=30, alpha=0.05)
    assert table["lag"].tolist() == list(range(1, 31))
    assert table["autocorrelation"].to_numpy() == pytest.approx(expected[1:])
    assert table["bound"].to_numpy() == pytest.approx((ends[:, 1] - expected)[1:])


def test_steps_without_a_value_take_no_part() -> None:
    series = RANDOM.normal(size=60)
    series[[3, 17, 18]] = np.nan
    expected = acf(series, nlags=20, missing="conservative")
    assert autocorrelation(series)["autocorrelation"].to_numpy() == pytest.approx(expected[1:])


def test_residuals_that_never_vary_go_along_with_nothing() -> None:
    assert autocorrelation(np.zeros(9))["autocorrelation"].tolist() == [0, 0, 0]


def test_every_forecast_stands_beside_what_came_in_time() -> None:
    problem = a_series()
    tables = forecast_tables(evidence_of(problem, "ridge"))
    forecasts = tables["forecasts"]
    assert forecasts["fold"].tolist() == [0] * 4 + [1] * 4 + [2] * 4
    assert forecasts["step"].tolist() == [1, 2, 3, 4] * 3
    assert forecasts["moment"].is_monotonic_increasing
    assert forecasts["moment"].iloc[-1] == problem.features["month"].max()
    assert forecasts["truth"].tolist() == problem.target[forecasts["row"]].tolist()
    lags = tables["residual_autocorrelation"]
    assert lags["autocorrelation"].to_numpy() == pytest.approx(acf(forecasts["residual"], nlags=4)[1:])
    assert lags["within_forecast"].tolist() == [True, True, True, False]


def test_errors_are_told_by_how_far_ahead_they_are() -> None:
    predictions = pd.DataFrame(
        {"row": [1, 2, 2, 3], "step": [1, 2, 1, 2], "truth": [4.0, 5, 5, 6], "prediction": [5.0, 2, 5, 7]}
    ).assign(fold=[0, 0, 1, 1])
    evidence = Evidence(predictions, pd.DataFrame({"t": [0, 1, 2, 3]}), time="t")
    table = forecast_tables(evidence)["steps"].set_index("step")
    assert table["rows"].tolist() == [2, 2]
    assert table["mean_absolute_error"].tolist() == [0.5, 2]
    assert table["root_mean_squared_error"].tolist() == pytest.approx([0.5**0.5, 5**0.5])
    assert table["bias"].tolist() == [-0.5, 1]
    assert table["small"].all()
