"""Whether a probability is what it says: of the rows with 0.8, do 8 of 10 turn out so?"""

import numpy as np
import pandas as pd

from ml.report.bins import equal_counts
from ml.report.evidence import ClassEvidence, Evidence, by_class
from ml.report.intervals import wilson
from ml.scoring import Numbers

_BINS = 10
_DRAWS = 200


def calibration_tables(evidence: Evidence) -> dict[str, pd.DataFrame]:
    """Return how probabilities compare with what happened, over all folds; nothing if there are no probabilities.

    Returns:
        ``calibration``: ``class``, ``bin`` (of about equally many rows), ``rows``, ``predicted`` (the mean
        probability), ``observed`` (the share of the class), ``low`` and ``high`` (Wilson's interval of it).
        ``calibration_error``: ``class``, ``rows``, ``brier`` (mean square of probability less outcome),
        ``brier_of_base`` (that of telling everyone the class's share), ``expected_calibration_error`` (mean distance of
        a bin's ``predicted`` from its ``observed``, weighted by rows), and ``error_by_chance``: what 95 of 100
        perfectly calibrated models stay below on as many rows, for theirs is not 0 either.
    """
    if "probability_1" not in evidence.predictions:
        return {}
    classes = list(by_class(evidence))
    return {
        "calibration": pd.concat([_bins(of_class) for of_class in classes], ignore_index=True),
        "calibration_error": pd.DataFrame([_errors(of_class, evidence.seed) for of_class in classes]),
    }


def calibration(truth: Numbers, probabilities: Numbers, bins: int = _BINS) -> pd.DataFrame:
    """Return the bins of one class, as ``calibration_tables`` has them.

    >>> calibration(np.array([0, 1, 1, 1]), np.array([0.2, 0.2, 0.9, 0.9]))["observed"].tolist()
    [0.5, 1.0]
    """
    codes = equal_counts(probabilities, bins)
    rows, hits = np.bincount(codes), np.bincount(codes, weights=truth)
    low, high = wilson(hits, rows)
    return pd.DataFrame(
        {
            "bin": np.arange(len(rows)),
            "rows": rows,
            "predicted": np.bincount(codes, weights=probabilities) / rows,
            "observed": hits / rows,
            "low": low,
            "high": high,
        }
    )


def expected_calibration_error(truth: Numbers, probabilities: Numbers, bins: int = _BINS) -> float:
    """Return the mean distance between what the bins predict and what is observed in them, weighted by rows.

    >>> round(expected_calibration_error(np.array([0, 1, 1, 1]), np.array([0.2, 0.2, 0.9, 0.9])), 3)
    0.2
    """
    return _distance(equal_counts(probabilities, bins), truth - probabilities)


def _distance(codes: Numbers, excess: Numbers) -> float:
    return float(np.abs(np.bincount(codes, weights=excess)).sum() / len(codes))


def _bins(of_class: ClassEvidence) -> pd.DataFrame:
    table = calibration(of_class.truth, of_class.scores)
    table.insert(0, "class", of_class.label)
    return table


def _errors(of_class: ClassEvidence, seed: int) -> dict[str, object]:
    truth, probabilities = of_class.truth.astype(float), of_class.scores
    base = truth.mean()
    return {
        "class": of_class.label,
        "rows": len(truth),
        "brier": float(np.square(truth - probabilities).mean()),
        "brier_of_base": float(base * (1 - base)),
        "expected_calibration_error": expected_calibration_error(truth, probabilities),
        "error_by_chance": _by_chance(probabilities, seed),
    }


def _by_chance(probabilities: Numbers, seed: int) -> float:
    """Return the 95 % quantile of the errors if each row turned out as often as its probability says."""
    random, codes = np.random.default_rng(seed), equal_counts(probabilities, _BINS)
    drawn = [_distance(codes, (random.random(len(codes)) < probabilities) - probabilities) for _ in range(_DRAWS)]
    return float(np.quantile(drawn, 0.95))
