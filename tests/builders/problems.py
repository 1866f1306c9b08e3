"""Problems as people bring them: mixed types, missing values, awkward names; small and seeded."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from contracts.ingest import LogicalType
from ml.engines.port import Problem

TYPES: dict[str, LogicalType] = {
    "length": "float",
    "age in years": "integer",
    "visits": "integer",
    "island": "string",
    "sex": "string",
    "ticket": "string",
    "tagged": "boolean",
    "hatched": "date",
    "seen at": "timestamp",
    "weight [kg], dry": "float",
    "always": "float",
    "never": "float",
}


def some_rows(rows: int = 240, seed: int = 7) -> pd.DataFrame:
    """Return rows with every type; if many, with missing values; one column is constant and one is empty."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "length": rng.normal(40, 5, rows),
            "age in years": pd.Series(rng.integers(1, 20, rows)),
            "visits": rng.integers(0, 300, rows).astype(float),
            "island": rng.choice(["Biscoe", "Dream (north)", "Torgersen"], rows).astype(object),
            "sex": rng.choice(["female", "male"], rows).astype(object),
            "ticket": np.array([f"T-{number}" for number in rng.integers(0, 90, rows)], dtype=object),
            "tagged": rng.choice([True, False], rows).astype(object),
            "hatched": pd.Timestamp("2019-03-01") + pd.to_timedelta(rng.integers(0, 900, rows), unit="D"),
            "seen at": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 10**7, rows), unit="s"),
            "weight [kg], dry": rng.gamma(2, 2, rows),
            "always": 1.5,
            "never": np.nan,
        }
    )
    for position, name in enumerate(("length", "visits", "island", "sex", "tagged", "hatched", "seen at")):
        frame.loc[rng.choice(rows, rows // (15 + position), replace=False), name] = None
    return frame


def some_labels(frame: pd.DataFrame, labels: Sequence[Any], seed: int = 7) -> npt.NDArray[Any]:
    """Return one of ``labels`` per row, which the features tell of, with noise; every label occurs often."""
    signal = _signal(frame) + np.random.default_rng(seed).normal(0, 0.4, len(frame))
    ranks = pd.Series(signal).rank(method="first").to_numpy() - 1
    chosen: npt.NDArray[Any] = np.array(labels)[(ranks * len(labels) // len(frame)).astype(int)]
    return chosen


def some_numbers(frame: pd.DataFrame, seed: int = 7) -> npt.NDArray[np.float64]:
    """Return a number per row, which the features tell of, with noise."""
    noise: npt.NDArray[np.float64] = np.random.default_rng(seed).normal(0, 0.3, len(frame))
    return 50 + 10 * (_signal(frame) + noise)


def a_classification(labels: Sequence[Any] = ("adelie", "gentoo"), rows: int = 240, seed: int = 42) -> Problem:
    """Return a classification of mixed rows."""
    frame = some_rows(rows)
    return Problem("classification", frame, TYPES, some_labels(frame, labels), seed)


def a_regression(rows: int = 240, seed: int = 42) -> Problem:
    """Return a regression on mixed rows."""
    frame = some_rows(rows)
    return Problem("regression", frame, TYPES, some_numbers(frame), seed)


def _signal(frame: pd.DataFrame) -> npt.NDArray[np.float64]:
    length = frame["length"].fillna(40).to_numpy(dtype=float)
    island = (frame["island"] == "Biscoe").to_numpy(dtype=float)
    signal: npt.NDArray[np.float64] = (length - 40) / 5 + island + frame["age in years"].to_numpy(dtype=float) / 10
    return signal
