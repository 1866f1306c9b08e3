"""Curves of a ranking: receiver operating characteristic, precision and recall, gain and lift."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from sklearn import metrics

from ml.report.evidence import ClassEvidence, Evidence, by_class
from ml.report.intervals import over_folds
from ml.scoring import Numbers

_MOST_POINTS = 200
_GRID = np.linspace(0, 1, 101)


def roc(truth: Numbers, scores: Numbers) -> pd.DataFrame:
    """Return ``threshold``, ``false_positive_rate`` and ``true_positive_rate``, the highest threshold first.

    >>> roc(np.array([0, 1]), np.array([0.2, 0.7]))["true_positive_rate"].tolist()
    [0.0, 1.0, 1.0]
    """
    false, true, threshold = metrics.roc_curve(truth, scores)
    return pd.DataFrame({"threshold": threshold, "false_positive_rate": false, "true_positive_rate": true})


def precision_recall(truth: Numbers, scores: Numbers) -> pd.DataFrame:
    """Return ``threshold``, ``recall`` and ``precision``, the highest threshold first.

    The point of no recall that scikit-learn adds is left out: no threshold reaches it.
    """
    precision, recall, threshold = metrics.precision_recall_curve(truth, scores)
    table = pd.DataFrame({"threshold": threshold, "recall": recall[:-1], "precision": precision[:-1]})
    return table.iloc[::-1].reset_index(drop=True)


def gain(truth: Numbers, scores: Numbers) -> pd.DataFrame:
    """Return ``threshold``, ``share`` of the rows ranked highest, and ``gain``, the share of the class among them.

    Rows of one score come together: their order means nothing.
    """
    thresholds, places = np.unique(-scores, return_inverse=True)
    rows, hits = np.bincount(places).cumsum(), np.bincount(places, weights=truth).cumsum()
    table = pd.DataFrame({"threshold": -thresholds, "share": rows / len(truth), "gain": hits / hits[-1]})
    start = pd.DataFrame({"threshold": [np.inf], "share": [0.0], "gain": [0.0]})
    return pd.concat([start, table], ignore_index=True)


@dataclass(frozen=True)
class _Curve:
    points: Callable[[Numbers, Numbers], pd.DataFrame]
    x: str
    y: str
    at: Callable[[Numbers, Numbers], Numbers]
    """The curve's height over the grid, from its points."""
    area: Callable[[Numbers, Numbers], float] | None


def curve_tables(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Return the curves of every class against the rest, and the areas below them.

    Each fold has a model of its own, whose scores need not compare with another's, so there is a curve for each fold,
    and a mean of their heights with an interval over the folds (vertical averaging; Fawcett, 2006).

    Returns:
        ``roc``, ``precision_recall``, ``gain``: ``class``, ``fold`` and the points of the fold's curve, at most 200.
        ``roc_mean``, ``precision_recall_mean``, ``gain_mean``: ``class``, a grid of 101, and the height over it with
        ``low`` and ``high``; the gain also as ``lift``, how many times as often the class is found as by chance.
        ``areas``: ``class``, ``curve``, ``mean``, ``low``, ``high`` of the areas by fold; below precision and recall it
        is the average precision.
    """
    tables: dict[str, list[pd.DataFrame]] = {}
    for of_class in by_class(evidence):
        for name, curve in _CURVES.items():
            found = {fold: curve.points(*rows) for fold, rows in _by_fold(of_class).items()}
            if found:
                tables.setdefault(name, []).append(_points(of_class, found))
                tables.setdefault(f"{name}_mean", []).append(_mean(of_class, curve, list(found.values())))
                if curve.area is not None:
                    tables.setdefault("areas", []).append(_area(of_class, name, curve))
    return {name: pd.concat(parts, ignore_index=True) for name, parts in tables.items()}


def _by_fold(of_class: ClassEvidence) -> dict[int, tuple[Numbers, Numbers]]:
    """Return truth and scores of each fold in which some rows are of the class and some are not."""
    found = {}
    for fold in np.unique(of_class.folds):
        inside = of_class.folds == fold
        truth = of_class.truth[inside]
        if truth.any() and not truth.all():
            found[int(fold)] = truth, of_class.scores[inside]
    return found


def _folds(of_class: ClassEvidence) -> int:
    return len(np.unique(of_class.folds))


def _points(of_class: ClassEvidence, found: Mapping[int, pd.DataFrame]) -> pd.DataFrame:
    parts = [_thinned(points).assign(fold=fold) for fold, points in found.items()]
    table = pd.concat(parts, ignore_index=True)
    table.insert(0, "class", of_class.label)
    table.insert(1, "fold", table.pop("fold"))
    return table


def _thinned(points: pd.DataFrame) -> pd.DataFrame:
    kept = np.unique(np.linspace(0, len(points) - 1, _MOST_POINTS).round().astype(int))
    return points.iloc[kept]


def _mean(of_class: ClassEvidence, curve: _Curve, found: list[pd.DataFrame]) -> pd.DataFrame:
    heights = np.array([curve.at(points[curve.x].to_numpy(), points[curve.y].to_numpy()) for points in found])
    table = over_folds(heights, _folds(of_class), least=0, most=1).rename(columns={"mean": curve.y})
    table.insert(0, "class", of_class.label)
    table.insert(1, curve.x, _GRID)
    if curve.y == "gain":
        table["lift"] = (table["gain"] / table["share"]).where(table["share"] > 0)
    return table


def _area(of_class: ClassEvidence, name: str, curve: _Curve) -> pd.DataFrame:
    assert curve.area is not None
    areas = np.array([[curve.area(*rows)] for rows in _by_fold(of_class).values()])
    table = over_folds(areas, _folds(of_class), least=0, most=1)
    table.insert(0, "class", of_class.label)
    table.insert(1, "curve", name)
    return table


def _straight(x: Numbers, y: Numbers) -> Numbers:
    return np.asarray(np.interp(_GRID, x, y), dtype=float)


def _first_reaching(x: Numbers, y: Numbers) -> Numbers:
    # Precision is not linear between two recalls (Davis and Goadrich, 2006), so it is that of the next threshold.
    heights: Numbers = y[np.minimum(np.searchsorted(x, _GRID), len(x) - 1)]
    return heights


_CURVES: Mapping[str, _Curve] = MappingProxyType(
    {
        "roc": _Curve(roc, "false_positive_rate", "true_positive_rate", _straight, metrics.roc_auc_score),
        "precision_recall": _Curve(
            precision_recall, "recall", "precision", _first_reaching, metrics.average_precision_score
        ),
        "gain": _Curve(gain, "share", "gain", _straight, None),
    }
)
