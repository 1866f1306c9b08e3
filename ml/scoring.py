"""Scores of one fold, computed as PyCaret computes them, but for the multiclass AUC that it gets wrong."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn import metrics

from ml.metrics import ANOMALY_DETECTION, CLASSIFICATION, CLUSTERING, TIME_SERIES

Numbers = npt.NDArray[Any]
Scores = dict[str, float | None]


def score_classification(truth: Numbers, predicted: Numbers, ranking: Numbers | None, classes: int) -> Scores:
    """Return every classification metric of one fold.

    Args:
        truth: the rows' classes, as positions in the sorted list of classes.
        predicted: the predicted ones, likewise.
        ranking: what orders the rows: with two classes one number a row, with more one column per class; None if the
            candidate gives no such thing, and so has no AUC.
        classes: how many classes there are.
    """
    average = "binary" if classes == 2 else "weighted"
    of_class: dict[str, Any] = {"labels": range(classes), "average": average, "zero_division": 0}
    found = (
        metrics.accuracy_score(truth, predicted),
        None if ranking is None else _auc(truth, ranking, classes),
        metrics.recall_score(truth, predicted, **of_class),
        metrics.precision_score(truth, predicted, **of_class),
        metrics.f1_score(truth, predicted, **of_class),
        metrics.cohen_kappa_score(truth, predicted),
        metrics.matthews_corrcoef(truth, predicted),
    )
    return {metric: _finite(score) for metric, score in zip(CLASSIFICATION, found, strict=True)}


def score_regression(truth: Numbers, predicted: Numbers) -> Scores:
    """Return every regression metric of one fold.

    RMSLE takes absolute values, and MAPE leaves out rows whose truth is 0, as PyCaret does.
    """
    return {metric: _finite(function(truth, predicted)) for metric, function in _REGRESSION.items()}


def score_clustering(rows: Numbers, groups: Numbers, noise: int | None) -> Scores:
    """Return every clustering metric of one fold.

    Args:
        rows: the rows kept out, as numbers.
        groups: the group of each.
        noise: the number that stands for no group; such rows count 0 in the mean of the Silhouette, and are no part of
            the others.
    """
    grouped = np.ones(len(groups), dtype=bool) if noise is None else groups != noise
    inside, labels = rows[grouped], groups[grouped]
    if not 2 <= len(np.unique(labels)) < len(labels):
        return dict.fromkeys(CLUSTERING)
    found = (
        float(metrics.silhouette_samples(inside, labels).sum()) / len(rows),
        metrics.calinski_harabasz_score(inside, labels),
        metrics.davies_bouldin_score(inside, labels),
    )
    return {metric: _finite(score) for metric, score in zip(CLUSTERING, found, strict=True)}


def score_anomalies(kept_out: Numbers, shuffled: Numbers, uniform: Numbers, flagged: float, share: float) -> Scores:
    """Return every metric of anomaly detection of one fold.

    Nobody says which rows are unusual, so rows that were made up stand for them (Hastie, Tibshirani, Friedman, The
    Elements of Statistical Learning, 14.2.4): ``ShuffledAUC`` is how well the scores tell the rows kept out from rows
    with each column's values shuffled, ``UniformAUC`` from rows with any values at all, and ``Contrast`` the mean of
    both. ``Excess`` is how far the share of rows kept out that were flagged is from the share that was asked for.

    Args:
        kept_out: scores of the rows kept out; the greater, the more unusual.
        shuffled: scores of the rows whose columns were shuffled.
        uniform: scores of the rows of any values.
        flagged: share of the rows kept out that were taken for unusual.
        share: the share that was asked for.
    """
    of_each = [_auc_against(made_up, kept_out) for made_up in (shuffled, uniform)]
    contrast = None if None in of_each else float(np.mean(np.array(of_each, dtype=float)))
    return dict(zip(ANOMALY_DETECTION, (contrast, *of_each, abs(flagged - share)), strict=True))


def score_time_series(truth: Numbers, predicted: Numbers, past: Numbers, season: int) -> Scores:
    """Return every metric of a time series of one fold, as PyCaret defines them.

    Args:
        truth: the values foretold, as they came.
        predicted: what was foretold.
        past: the values before them, one for each step.
        season: how many steps ago the naive forecast looks that MASE and RMSSE compare with.
    """
    errors, naive = predicted - truth, past[season:] - past[:-season]
    sizes = np.abs(truth) + np.abs(predicted)
    found = (
        _divided(np.abs(errors).mean(), np.abs(naive).mean() if len(naive) else 0.0),
        _divided(np.sqrt(np.square(errors).mean()), np.sqrt(np.square(naive).mean()) if len(naive) else 0.0),
        np.abs(errors).mean(),
        np.sqrt(np.square(errors).mean()),
        _mape(truth, predicted),
        float(np.mean(2 * np.abs(errors)[sizes > 0] / sizes[sizes > 0])) if (sizes > 0).any() else 0.0,
        metrics.r2_score(truth, predicted) if len(truth) > 1 else None,
    )
    return {metric: _finite(score) for metric, score in zip(TIME_SERIES, found, strict=True)}


def _auc_against(made_up: Numbers, kept_out: Numbers) -> float | None:
    if not len(made_up):
        return None
    unusual = np.concatenate([np.ones(len(made_up), dtype=bool), np.zeros(len(kept_out), dtype=bool)])
    return _auc_of_one(unusual, np.concatenate([made_up, kept_out]))


def _divided(error: float, by: float) -> float | None:
    return float(error / by) if by > 0 else None


def _auc(truth: Numbers, ranking: Numbers, classes: int) -> float | None:
    if classes == 2:
        return _auc_of_one(truth == 1, ranking)
    # One class against the rest, weighted by how many rows each has: needs no probabilities that sum to 1.
    present = [number for number in range(classes) if np.any(truth == number)]
    each = [_auc_of_one(truth == number, ranking[:, number]) for number in present]
    if None in each:
        return None
    return float(np.average(np.array(each, dtype=float), weights=[np.sum(truth == number) for number in present]))


def _auc_of_one(positive: Numbers, ranking: Numbers) -> float | None:
    if positive.all() or not positive.any() or not np.isfinite(ranking).all():
        return None
    return float(metrics.roc_auc_score(positive, ranking))


def _rmsle(truth: Numbers, predicted: Numbers) -> float:
    return float(np.sqrt(metrics.mean_squared_log_error(np.abs(truth), np.abs(predicted))))


def _mape(truth: Numbers, predicted: Numbers) -> float | None:
    known = truth != 0
    if not known.any():
        return None
    return float(np.average(np.abs(predicted[known] - truth[known]) / np.abs(truth[known])))


def _finite(score: float | None) -> float | None:
    return float(score) if score is not None and math.isfinite(score) else None


_REGRESSION: Mapping[str, Callable[[Numbers, Numbers], float | None]] = MappingProxyType(
    {
        "MAE": metrics.mean_absolute_error,
        "MSE": metrics.mean_squared_error,
        "RMSE": metrics.root_mean_squared_error,
        "R2": lambda truth, predicted: metrics.r2_score(truth, predicted) if len(truth) > 1 else None,
        "RMSLE": _rmsle,
        "MAPE": _mape,
    }
)
