from typing import Any

import numpy as np
import pandas as pd
import pytest

from ml.engines.forecaster import FittedForecaster
from ml.engines.port import Problem
from ml.engines.sklearn import ENGINE
from ml.explain.forecasts import ForecastExplanation, Past, explain_forecast
from ml.explain.scorers import past_of
from tests.builders.unlabelled import a_series


def explained(problem: Problem, candidate: str, **columns: Any) -> tuple[FittedForecaster, ForecastExplanation, Any]:
    fitted: Any = ENGINE.prepare(problem).refit(candidate)
    row = fitted.next_row().assign(**columns)
    series, season = past_of(problem, np.argsort(problem.features["month"].to_numpy()))
    past = Past(problem.features, series, season, "month")
    return fitted, explain_forecast(fitted, row, past, most_rows=400), row


def amounts(found: ForecastExplanation) -> dict[str, float]:
    return dict(zip(found.parts["part"], found.parts["amount"], strict=True))


def test_parts_add_up_to_the_forecast() -> None:
    fitted, found, row = explained(a_series(), "ridge", push=2.5, shop="v")
    assert found.parts["amount"].sum() == pytest.approx(fitted.predict(row)[0])
    assert found.parts["part"].tolist() == ["last value", "season", "forecaster", "columns"]
    by_column = found.columns.contributions.set_index("feature")["contribution"]
    assert by_column.sum() == pytest.approx(amounts(found)["columns"])
    assert by_column["push"] > 5


def test_a_naive_forecast_is_the_last_value_and_a_seasonal_one_that_of_a_season_ago() -> None:
    problem = a_series(alone=True)
    by_month = pd.Series(problem.target).iloc[np.argsort(problem.features["month"].to_numpy())].to_numpy()
    _fitted, seasonal, _row = explained(problem, "seasonal")
    assert amounts(seasonal) == pytest.approx(
        {"last value": by_month[-1], "season": by_month[-12] - by_month[-1], "forecaster": 0, "columns": 0}
    )
    _fitted, naive, _row = explained(problem, "naive")
    parts = amounts(naive)
    assert parts["season"] + parts["forecaster"] == pytest.approx(0)
    assert naive.columns.contributions.empty


def test_a_forecast_farther_ahead_looks_at_its_own_step_of_the_season() -> None:
    problem = a_series(alone=True)
    _fitted, found, _row = explained(problem, "seasonal", month="2007-03-01")
    assert amounts(found)["forecaster"] == pytest.approx(0)
