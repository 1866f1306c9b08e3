"""Scores of one fold, computed as PyCaret computes them, but for the multiclass AUC that it gets wrong."""

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn import metrics

from ml.metrics import CLASSIFICATION

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
