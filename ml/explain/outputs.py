"""The numbers of a fitted pipeline that are explained: whatever it answers, a number per row and output."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from ml.engines.port import Label
from ml.metrics import Task
from ml.scoring import Numbers

Unit = Literal["prediction", "probability", "decision", "membership", "score"]


@dataclass(frozen=True)
class Outputs:
    """What is asked of a pipeline."""

    names: tuple[Label, ...]
    """A class, a group, or what the number is."""
    unit: Unit
    """``membership`` is 1 in the group or class that was predicted and 0 in the others, so its mean is how often."""
    of: Callable[[pd.DataFrame], Numbers]
    """Give a line per row, as people have it, with a number per name. A row's numbers do not depend on other rows."""


def outputs_of(task: Task, fitted: Any) -> Outputs:
    """Return what is explained of a fitted pipeline.

    Of a classification the probabilities, else the decisions, else which class was predicted; with two classes those of
    the second. Of a clustering which group, of an anomaly detection the score. A forecast is asked for each row alone,
    because the columns of one row go into the forecasts of later ones; steps in between are like the last known row.

    >>> class Twice:
    ...     def predict(self, frame):
    ...         return 2 * frame["width"].to_numpy()
    >>> outputs_of("regression", Twice()).of(pd.DataFrame({"width": [1.0, 4.0]})).tolist()
    [[2.0], [8.0]]
    """
    if task == "classification":
        return _of_classes(fitted)
    if task == "clustering":
        return _memberships(fitted)
    if task == "anomaly_detection":
        return Outputs(("score",), "score", lambda rows: _column(fitted.measures(rows)["score"]))
    if task == "time_series":
        return Outputs(("prediction",), "prediction", lambda rows: _each_alone(fitted, rows))
    return Outputs(("prediction",), "prediction", lambda rows: _column(fitted.predict(rows)))


def _of_classes(fitted: Any) -> Outputs:
    labels = tuple(np.asarray(fitted.classes_).tolist())
    # With two classes the first says the same as the second, with the opposite sign.
    first = 1 if len(labels) == 2 else 0
    if getattr(fitted, "gives_probabilities", hasattr(fitted, "predict_proba")):
        return Outputs(labels[first:], "probability", lambda rows: np.asarray(fitted.predict_proba(rows))[:, first:])
    if getattr(fitted, "gives_decisions", hasattr(fitted, "decision_function")):
        return Outputs(labels[first:], "decision", lambda rows: _column(fitted.decision_function(rows)))
    memberships = _memberships(fitted)
    return Outputs(labels[first:], "membership", lambda rows: memberships.of(rows)[:, first:])


def _memberships(fitted: Any) -> Outputs:
    labels = np.asarray(fitted.classes_)
    names = tuple(labels.tolist())
    return Outputs(names, "membership", lambda rows: (_column(fitted.predict(rows)) == labels).astype(float))


def _each_alone(fitted: Any, rows: pd.DataFrame) -> Numbers:
    return np.array([fitted.predict(rows.iloc[[row]]) for row in range(len(rows))], dtype=float).reshape(len(rows), 1)


def _column(numbers: Any) -> Numbers:
    given = np.asarray(numbers)
    return given[:, None] if given.ndim == 1 else given
