"""Intervals of what a report states: of a share of rows, and of a mean over folds."""

from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtri

from ml.scoring import Numbers
from ml.statistics import estimate

FEWEST_ROWS = 30
"""Fewer rows than these say little, and tables mark them as ``small``."""


def wilson(hits: Any, rows: Any, confidence: float = 0.95) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Return the ends of Wilson's interval (1927) for a share of ``hits`` in ``rows``: between nan without rows.

    It stays within 0 and 1, and is honest where the share is near an end or the rows are few.

    >>> [round(float(end), 3) for end in wilson(0, 10)]
    [0.0, 0.278]
    """
    hits, rows = np.asarray(hits, dtype=float), np.asarray(rows, dtype=float)
    z = float(ndtri((1 + confidence) / 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        share = hits / rows
        middle = (share + z**2 / (2 * rows)) / (1 + z**2 / rows)
        reach = z / (1 + z**2 / rows) * np.sqrt(share * (1 - share) / rows + z**2 / (4 * rows**2))
    # Rounding would leave an end a hair away from 0 or 1.
    return np.where(hits == 0, 0.0 * middle, middle - reach), np.where(hits == rows, 1 + 0 * middle, middle + reach)


def over_folds(values: Numbers, of: int, *, least: float = -np.inf, most: float = np.inf) -> pd.DataFrame:
    """Return ``mean``, ``low`` and ``high`` of each column of ``values``, which has a line for each of some folds.

    The interval is that of ``ml.statistics.estimate`` for a race of ``of`` folds, cut where no value can lie; missing
    under three folds.
    """
    found = [estimate(column.tolist(), of) for column in values.T]
    table = pd.DataFrame([(one.mean, one.low, one.high) for one in found], columns=["mean", "low", "high"], dtype=float)
    return table.assign(low=table["low"].clip(least, most), high=table["high"].clip(least, most))


def of_mean(mean: float, deviation: float, rows: int) -> tuple[float, float]:
    """Return the ends of the plain 95 % interval of a mean of so many rows; nan of one."""
    reach = float(ndtri(0.975)) * deviation / sqrt(rows) if rows > 1 else np.nan
    return mean - reach, mean + reach
