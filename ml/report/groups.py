"""The groups of a clustering: how large, how far apart, what sets each apart, and whether others would find them."""

from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score, silhouette_samples

from ml.columns import ordered, said
from ml.report.evidence import Evidence, folds_of
from ml.sampling import resting_on, some_rows
from ml.scoring import Numbers

_MOST_COMPARED = 5000
"""Rows whose distances to each other are computed."""
_NOISE = "Noise"


def group_tables(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Return the groups in which the model version puts all rows.

    Returns:
        ``groups``: ``group``, ``rows``, ``share``, ``silhouette`` (mean, from -1 to 1, of at most 5,000 rows; missing
        for rows in no group), ``misplaced`` (share of them nearer to another group, by mean distance).
        ``group_features``: ``group``, ``feature``, ``typical`` (the mean, or the most frequent category), ``missing``
        (share of the group), ``difference`` from all rows: of means in standard deviations, or of the category's share.
        ``agreement``: ``fold``, ``rows``, ``adjusted_rand``: how alike the fold's candidate, which did not see these
        rows, and the model version group them: 1 is alike, 0 what chance gives.
    """
    assert evidence.groups is not None
    assert evidence.matrix is not None
    features, groups = evidence.features, evidence.groups.loc[evidence.features.index]
    return {
        "groups": _sizes(groups.to_numpy(), evidence.matrix, evidence.seed),
        "group_features": _typical(features.reset_index(drop=True), groups.reset_index(drop=True)),
        "agreement": _agreement(evidence.predictions, groups),
    }


def _sizes(groups: Numbers, matrix: Numbers, seed: int) -> pd.DataFrame:
    names, rows = np.unique(groups, return_counts=True)
    grouped = np.flatnonzero(groups != _NOISE)
    chosen = grouped[some_rows(len(grouped), _MOST_COMPARED, seed)]
    found = _silhouettes(matrix[chosen], groups[chosen]).groupby(groups[chosen])
    table = pd.DataFrame({"group": names, "rows": rows, "share": rows / len(groups)}).assign(
        silhouette=found.mean().reindex(names).to_numpy(),
        misplaced=found.apply(lambda part: (part < 0).mean() if part.notna().any() else np.nan)
        .reindex(names)
        .to_numpy(),
    )
    return resting_on(table, len(chosen), len(groups), seed)


def _silhouettes(matrix: Numbers, groups: Numbers) -> pd.Series:
    if not 2 <= len(np.unique(groups)) < len(groups):
        return pd.Series(np.full(len(groups), np.nan))
    return pd.Series(silhouette_samples(matrix, groups))


def _typical(features: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    lines: list[dict[str, Any]] = []
    for feature in features:
        values, numbers = features[feature], ordered(features[feature])
        for group in np.unique(groups):
            inside = (groups == group).to_numpy()
            found = _category(values, inside) if numbers is None else _mean(values, numbers, inside)
            missing = float((values if numbers is None else numbers)[inside].isna().mean())
            lines.append({"group": group, "feature": feature, "missing": missing, **found})
    return pd.DataFrame(lines, columns=["group", "feature", "typical", "missing", "difference"])


def _mean(values: pd.Series, numbers: pd.Series, inside: Numbers) -> dict[str, Any]:
    mean, deviation = numbers[inside].mean(), numbers.std()
    moments = not pd.api.types.is_numeric_dtype(values.dtype) and not np.isnan(mean) and _is_dated(values)
    typical = pd.Timestamp(0) + pd.Timedelta(days=round(mean)) if moments else mean
    return {"typical": said(typical), "difference": (mean - numbers.mean()) / deviation if deviation else np.nan}


def _is_dated(values: pd.Series) -> bool:
    return hasattr(values.dropna().iloc[0], "isoformat")


def _category(values: pd.Series, inside: Numbers) -> dict[str, Any]:
    known = values[inside].dropna()
    if known.empty:
        return {"typical": said(None), "difference": np.nan}
    most = known.value_counts().index[0]
    return {"typical": said(most), "difference": float((known == most).mean() - (values.dropna() == most).mean())}


def _agreement(predictions: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    pairs = pd.DataFrame({"theirs": predictions["prediction"], "own": groups.loc[predictions["row"]].to_numpy()})
    lines = [
        (fold, len(part), adjusted_rand_score(part["theirs"], part["own"]))
        for fold, part in pairs.groupby(folds_of(predictions))
    ]
    return pd.DataFrame(lines, columns=["fold", "rows", "adjusted_rand"])
