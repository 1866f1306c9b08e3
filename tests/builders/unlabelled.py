"""Problems of the tasks that predict no column, and of a time series: mixed types, gaps, any order."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from contracts.ingest import LogicalType
from contracts.training import Forecast
from ml.engines.port import Problem
from ml.metrics import Task

_TYPES: dict[str, LogicalType] = {"width": "float", "height": "float", "kind": "string", "seen": "date"}


def a_grouped(task: Task, rows: int = 150) -> Problem:
    """Return rows of three groups far from each other."""
    random = np.random.default_rng(1)
    group = random.integers(0, 3, rows)
    features = pd.DataFrame(
        {
            "width": random.normal(size=rows) + 8 * group,
            "height": random.normal(size=rows) * 1000 - 9000 * group,
            "kind": np.array(["x", "y", "z"], dtype=object)[group],
            "seen": pd.to_datetime("2001-01-01") + pd.to_timedelta(random.integers(0, 30, rows), "D"),
        }
    )
    features.loc[::17, "width"] = np.nan
    features.loc[::19, "kind"] = None
    return Problem(task, features, _TYPES, np.zeros(rows), seed=3, clusters=3)


def a_series(months: int = 72, *, alone: bool = False) -> Problem:
    """Return a trend with a season, in mixed order; unless ``alone``, with columns that move it."""
    random = np.random.default_rng(2)
    order: npt.NDArray[np.int64] = random.permutation(months)
    moments = pd.date_range("2001-01-01", periods=months, freq="MS")[order]
    push = random.normal(size=months)
    target = 100 + 2.0 * order + 20 * np.sin(order * np.pi / 6) + random.normal(size=months)
    features = pd.DataFrame({"month": moments.date})
    types: dict[str, LogicalType] = {"month": "date"}
    if not alone:
        features = features.assign(push=push, shop=random.choice(["u", "v"], months))
        types |= {"push": "float", "shop": "string"}
        target = target + 5 * push
    return Problem("time_series", features, types, target, seed=3, forecast=Forecast(time="month", horizon=4))
