"""Which classes are taken for which."""

import numpy as np
import pandas as pd

from ml.report.evidence import Evidence
from ml.report.intervals import wilson


def confusion_tables(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Return what was predicted of each class, over all folds.

    Returns:
        ``confusion``: ``truth``, ``prediction`` (every pair of classes), ``rows``, ``share`` of the truth's rows,
        ``low`` and ``high`` (Wilson's interval of the share).
        ``classes``: ``class``, ``rows``, ``predicted`` (how often it was), ``recall`` and ``precision`` with their
        Wilson intervals (``recall_low`` and so on), and ``f1``; each is missing where nothing is divided by nothing.
    """
    counts = _counts(evidence)
    of_truth, of_prediction, right = counts.sum(axis=1), counts.sum(axis=0), np.diag(counts)
    return {
        "confusion": _pairs(counts, evidence.classes),
        "classes": pd.DataFrame(
            {
                "class": evidence.classes,
                "rows": of_truth,
                "predicted": of_prediction,
                **_share("recall", right, of_truth),
                **_share("precision", right, of_prediction),
                "f1": _divided(2 * right, of_truth + of_prediction),
            }
        ),
    }


def _counts(evidence: Evidence) -> np.ndarray[tuple[int, int], np.dtype[np.intp]]:
    """Return how many rows of each class (a line) were taken for each class (a column)."""
    index = pd.Index(evidence.classes)
    width = len(index)
    truth, predicted = (index.get_indexer(evidence.predictions[name]) for name in ("truth", "prediction"))
    return np.bincount(truth * width + predicted, minlength=width**2).reshape(width, width)


def _pairs(counts: np.ndarray[tuple[int, int], np.dtype[np.intp]], classes: tuple[object, ...]) -> pd.DataFrame:
    rows = counts.ravel()
    return pd.DataFrame(
        {
            "truth": np.repeat(np.array(classes), len(classes)),
            "prediction": np.tile(np.array(classes), len(classes)),
            "rows": rows,
            **_share("share", rows, np.repeat(counts.sum(axis=1), len(classes)), ends=("low", "high")),
        }
    )


def _share(name: str, hits: object, rows: object, ends: tuple[str, str] | None = None) -> dict[str, object]:
    low, high = wilson(hits, rows)
    names = ends or (f"{name}_low", f"{name}_high")
    return {name: _divided(hits, rows), names[0]: low, names[1]: high}


def _divided(hits: object, rows: object) -> object:
    with np.errstate(invalid="ignore"):
        return np.asarray(hits, dtype=float) / np.asarray(rows, dtype=float)
