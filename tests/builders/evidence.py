"""What the folds of a small race leave behind, of the engine of scikit-learn."""

from typing import Any

import numpy as np
import pandas as pd

from ml.engines.port import Problem
from ml.engines.sklearn import ENGINE
from ml.report.evidence import Evidence


def evidence_of(problem: Problem, candidate: str, folds: int = 3) -> Evidence:
    """Return the out-of-fold predictions of a candidate on a problem, and what a report needs beside them."""
    session = ENGINE.prepare(problem)
    outcomes = [session.fit(candidate, split.train, split.test) for split in session.folds(folds)]
    predictions = [outcome.predictions.assign(fold=fold) for fold, outcome in enumerate(outcomes)]
    further: dict[str, Any] = {}
    if problem.task == "clustering":
        fitted: Any = session.refit(candidate)
        groups = pd.Series(fitted.predict(problem.features), index=problem.features.index)
        further = {"groups": groups, "matrix": np.asarray(fitted.prepared(problem.features), dtype=float)}
    return Evidence(
        predictions=pd.concat(predictions, ignore_index=True),
        features=problem.features,
        classes=session.classes if problem.task == "classification" else (),
        time=problem.forecast.time if problem.forecast else None,
        **further,
    )


def ranked(truth: Any, scores: Any, folds: Any = None) -> Evidence:
    """Return the evidence of a classification of two classes, ``no`` and ``yes``, by the probability of the second."""
    yes = np.asarray(truth, dtype=bool)
    scores = np.asarray(scores, dtype=float)
    predictions = pd.DataFrame(
        {
            "row": range(len(yes)),
            "truth": np.where(yes, "yes", "no"),
            "prediction": np.where(scores > 0.5, "yes", "no"),
            "probability_0": 1 - scores,
            "probability_1": scores,
            "fold": np.zeros(len(yes), dtype=int) if folds is None else folds,
        }
    )
    return Evidence(predictions, pd.DataFrame({"age": np.arange(len(yes))}), ("no", "yes"))
