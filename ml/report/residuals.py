"""What a regression leaves over: residuals, truth less prediction."""

import numpy as np
import pandas as pd
from scipy.special import betaincinv, ndtri

from ml.report.bins import equal_counts
from ml.report.evidence import Evidence, folds_of
from ml.sampling import resting_on, some_rows
from ml.scoring import Numbers

_BINS = 20
_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_MOST_POINTS = 2000
_MOST_QUANTILES = 200


def residual_tables(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Return what is left over of each row, over all folds.

    Returns:
        ``residuals``: ``bin`` of about equally many rows by prediction, ``rows``, ``prediction`` (the mean), ``mean``,
        ``deviation`` and ``q05``, ``q25``, ``q50``, ``q75``, ``q95`` of the residuals.
        ``residual_points``: ``row``, ``fold``, ``truth``, ``prediction``, ``residual`` of at most 2,000 rows.
        ``residual_quantiles``: ``normal`` and ``residual``, at most 200 quantiles of each, and ``low`` and ``high``,
        between which 95 of 100 such quantiles would lie if residuals were normal.
    """
    table = evidence.predictions
    residual = (table["truth"] - table["prediction"]).to_numpy(dtype=float)
    chosen = some_rows(len(table), _MOST_POINTS, evidence.seed)
    points = table[["row", "truth", "prediction"]].assign(residual=residual)
    points.insert(1, "fold", folds_of(table))
    return {
        "residuals": residuals_by_prediction(table["prediction"].to_numpy(dtype=float), residual),
        "residual_points": resting_on(
            points.iloc[chosen].reset_index(drop=True), len(chosen), len(table), evidence.seed
        ),
        "residual_quantiles": quantiles_against_normal(residual),
    }


def residuals_by_prediction(predicted: Numbers, residual: Numbers, bins: int = _BINS) -> pd.DataFrame:
    """Return the table ``residuals`` of ``residual_tables``: a mean off 0 is a bias, a growing spread no constant one.

    >>> residuals_by_prediction(np.array([1.0, 1.0, 5.0, 5.0]), np.array([0.0, 2.0, 0.0, -2.0]), 2)["mean"].tolist()
    [1.0, -1.0]
    """
    grouped = pd.DataFrame({"prediction": predicted, "residual": residual}).groupby(equal_counts(predicted, bins))
    found = grouped["residual"]
    table = pd.DataFrame({"rows": found.size(), "prediction": grouped["prediction"].mean(), "mean": found.mean()})
    spread = {f"q{round(100 * level):02}": found.quantile(level) for level in _QUANTILES}
    return table.assign(deviation=found.std(), **spread).rename_axis("bin").reset_index()


def quantiles_against_normal(residual: Numbers, most: int = _MOST_QUANTILES) -> pd.DataFrame:
    """Return the table ``residual_quantiles`` of ``residual_tables``.

    The n-th of the sorted residuals is set against the median of the n-th of as many normal numbers, of the same mean
    and deviation; its interval is that of the same order statistic, whose level follows a beta distribution.
    """
    order, rows = np.sort(residual), len(residual)
    kept = np.unique(np.linspace(0, rows - 1, most).round().astype(int)) if rows else np.zeros(0, dtype=int)
    low, middle, high = (ndtri(betaincinv(kept + 1, rows - kept, level)) for level in (0.025, 0.5, 0.975))
    mean, deviation = (order.mean(), order.std(ddof=1)) if rows > 1 else (np.nan, np.nan)
    return pd.DataFrame(
        {
            "normal": middle,
            "residual": order[kept],
            "low": mean + deviation * low,
            "high": mean + deviation * high,
        }
    )
