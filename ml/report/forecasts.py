"""How far a time series was foretold from what came, by step ahead and moment by moment."""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from ml.engines.timeline import Timeline
from ml.report.evidence import Evidence, folds_of
from ml.report.intervals import FEWEST_ROWS
from ml.scoring import Numbers

_MOST_LAGS = 40


def forecast_tables(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Return every forecast beside what came, its errors by step, and how errors go along with those before them.

    Returns:
        ``forecasts``: ``fold``, ``row``, ``moment``, ``step``, ``truth``, ``prediction``, ``residual`` (truth less
        prediction), in time.
        ``steps``: ``step``, ``rows``, ``small`` (fewer than 30), ``mean_absolute_error``, ``root_mean_squared_error``,
        ``bias`` (mean residual), ``q10`` and ``q90`` of the residuals.
        ``residual_autocorrelation``: ``lag``, ``autocorrelation``, ``bound``, and ``within_forecast``: whether
        residuals so near may come from one forecast. These share their origin and so go along with each other in the
        best of models; at longer lags what exceeds the bound was there to be foretold.
    """
    assert evidence.time is not None
    moments = evidence.features[evidence.time]
    table = evidence.predictions.assign(fold=folds_of(evidence.predictions))
    table["moment"] = moments.loc[table["row"]].to_numpy()
    table["residual"] = table["truth"] - table["prediction"]
    at = Timeline.learn(evidence.time, moments).steps(table["moment"])
    table, at = table.iloc[np.argsort(at, kind="stable")].reset_index(drop=True), np.sort(at)
    series = pd.Series(table["residual"].to_numpy(dtype=float), index=at)
    every = series.groupby(level=0).mean().reindex(range(int(at[0]), int(at[-1]) + 1)).to_numpy()
    lags = autocorrelation(every)
    return {
        "forecasts": table[["fold", "row", "moment", "step", "truth", "prediction", "residual"]],
        "steps": _by_step(table),
        "residual_autocorrelation": lags.assign(within_forecast=lags["lag"] < table["step"].max()),
    }


def autocorrelation(series: Numbers, most: int = _MOST_LAGS) -> pd.DataFrame:
    """Return ``lag`` from 1, ``autocorrelation``, and ``bound``, within which 95 of 100 would be without any.

    The bound is Bartlett's: it is for a series that goes along with itself at shorter lags only. Steps without a value
    (nan) take no part. There are as many lags as a third of the steps, and at most 40.

    >>> autocorrelation(np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0])).round(2)["autocorrelation"].tolist()
    [-0.83, 0.67]
    """
    known = np.isfinite(series)
    rows = int(known.sum())
    centred = np.where(known, series - (series[known].mean() if rows else 0.0), 0.0)
    lags = np.arange(1, min(most, len(series) // 3) + 1)
    power = float(centred @ centred)
    found = np.array([centred[lag:] @ centred[:-lag] for lag in lags]) / power if power else np.zeros(len(lags))
    before = np.concatenate([[0.0], np.cumsum(np.square(found))[:-1]])[: len(lags)]
    bound = float(ndtri(0.975)) * np.sqrt((1 + 2 * before) / max(rows, 1))
    return pd.DataFrame({"lag": lags, "autocorrelation": found, "bound": bound})


def _by_step(table: pd.DataFrame) -> pd.DataFrame:
    residual = table.groupby("step")["residual"]
    return pd.DataFrame(
        {
            "rows": residual.size(),
            "small": residual.size() < FEWEST_ROWS,
            "mean_absolute_error": residual.apply(lambda part: part.abs().mean()),
            "root_mean_squared_error": residual.apply(lambda part: np.sqrt(np.square(part).mean())),
            "bias": residual.mean(),
            "q10": residual.quantile(0.1),
            "q90": residual.quantile(0.9),
        }
    ).reset_index()
