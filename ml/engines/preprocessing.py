"""Preprocessing of scikit-learn alone: imputation, scaling, one-hot encoding with rare levels together."""

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from ml.engines.pipeline import Preprocessing

_LEVELS_KEPT = 25


def plain(features: pd.DataFrame) -> Preprocessing:
    """Return unfitted preprocessing for rows like these."""
    numbers = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    strings = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="(missing)"),
        OneHotEncoder(handle_unknown="infrequent_if_exist", max_categories=_LEVELS_KEPT, sparse_output=False),
    )
    made: Preprocessing = ColumnTransformer(
        [
            ("numbers", numbers, list(features.select_dtypes(np.number))),
            ("strings", strings, list(features.select_dtypes(object))),
        ]
    )
    return made
