"""PyCaret's fitted transformers in a row, without its pipeline, whose pickle asks for the whole of PyCaret."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd


class Steps:
    """Preprocessing by transformers that each take and give a DataFrame."""

    def __init__(self, steps: Sequence[Any], dtypes: Mapping[str, Any]) -> None:
        """Take unfitted transformers, and the types of the columns that they will be taught."""
        self._steps = steps
        self._dtypes = dtypes

    def fit_transform(self, features: pd.DataFrame, target: pd.Series) -> pd.DataFrame:
        """Learn from these rows, step by step, and return them transformed."""
        for step in self._steps:
            features = step.fit(features, target).transform(features)
        return features

    def transform(self, features: pd.DataFrame) -> pd.DataFrame:
        """Return other rows transformed."""
        features = features.astype({name: _as_taught(features[name], dtype) for name, dtype in self._dtypes.items()})
        for step in self._steps:
            features = step.transform(features)
        return features


def _as_taught(values: pd.Series, dtype: Any) -> Any:
    """Return the type that the column had in training, which PyCaret made as small as the values allowed.

    Where these values do not fit, it is the float type that gives the same numbers next to others.
    """
    if dtype.name == "category":
        return object
    if dtype.kind != "i" or not (values.hasnans or values.abs().max() > np.iinfo(dtype).max):
        return dtype
    return np.float32 if dtype.itemsize == 1 else np.float64
