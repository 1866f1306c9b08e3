"""What a forecast rests on: the last value, the season, what else the forecaster makes of the past, and the columns."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ml.engines.forecaster import FittedForecaster
from ml.explain.outputs import Outputs, outputs_of
from ml.explain.shapley import Explanation, explain_row
from ml.scoring import Numbers

_BACKGROUND = 20


@dataclass(frozen=True)
class ForecastExplanation:
    """Why a moment's value is expected to be what it is."""

    parts: pd.DataFrame
    """``part`` and ``amount``, which add up to the forecast: ``last value``; ``season``, by how much the same step of
    the last season differed from it; ``forecaster``, what the forecaster makes of the past beyond that, with usual
    columns; and ``columns``, what those of this row add."""
    columns: Explanation
    """What each column beside the series adds."""


@dataclass(frozen=True)
class Past:
    """The series that a forecaster knows."""

    rows: pd.DataFrame
    """As people have them, moments and columns beside."""
    series: Numbers
    """A value for each step."""
    season: int
    """Steps of a season."""
    time: str
    """The column of moments."""


def explain_forecast(
    fitted: FittedForecaster, row: pd.DataFrame, past: Past, seed: int = 0, most_rows: int = 1000
) -> ForecastExplanation:
    """Return what the forecast of one moment rests on.

    The forecaster itself cannot be asked about another past, so of the past only simple forecasts are told apart. The
    columns are compared with those of at most 20 rows of the past, while the moment stays as it is; as in a prediction
    of one row, the steps before it have the columns of the last known one. The forecaster is asked at most
    ``most_rows`` times.
    """
    ahead = int(fitted.ahead(row)[0])
    asked = outputs_of("time_series", fitted)
    moment = row[past.time].iloc[0]
    outputs = Outputs(asked.names, asked.unit, lambda rows: asked.of(rows.assign(**{past.time: moment})))
    usual = past.rows.drop(columns=past.time)
    background = usual.iloc[np.random.default_rng(seed).permutation(len(usual))[:_BACKGROUND]]
    columns = explain_row(outputs, row.drop(columns=past.time), background, seed=seed, most_rows=most_rows)
    prediction, base = columns.outputs[["prediction", "base"]].iloc[0]
    last, seasonal = past.series[-1], past.series[len(past.series) - past.season + (ahead - 1) % past.season]
    amounts = {
        "last value": last,
        "season": seasonal - last,
        "forecaster": base - seasonal,
        "columns": prediction - base,
    }
    return ForecastExplanation(pd.DataFrame(amounts.items(), columns=["part", "amount"]), columns)
