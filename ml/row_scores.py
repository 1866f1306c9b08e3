"""A fold's score as the mean of one number per row, so that candidates are compared row by row instead of fold by fold.

Where a metric is a mean, the number is the row's own value. Where it is a function of means, it is the score plus the
row's influence on it: how much the score would move if the row weighed more, which is the delta method, written as
arithmetic in ``ml.row_means``. Either way the numbers' mean is the score, and their standard deviation over the square
root of how many there are is its standard error (Hampel, The influence curve and its role in robust estimation, 1974).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.metrics import CLASSIFICATION, REGRESSION
from ml.row_means import Rows, chance_agreement, outranking, product, quotient, root

Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Answers:
    """What one candidate answered on the rows of one fold."""

    truth: Numbers
    """(n,) classes as places, from 0; floats in a regression."""
    predicted: Numbers
    """(n,) likewise."""
    ranking: Numbers | None
    """What orders the rows: with two classes (n,), the greater the more surely the second one; with more (n, classes);
    None if the candidate gives no such thing."""
    classes: int
    """How many there are; 0 in a regression."""


class MetricHasNoRows(ValueError):
    """No metric with a row form has this name."""

    def __init__(self, metric: str) -> None:
        self.metric = metric
        super().__init__(f"{metric!r} is not scored row by row. Choose one of {', '.join(_ROWS)}.")


def has_rows(metric: str, task: str) -> bool:
    """Return whether ``metric`` can be scored row by row in ``task``: all of classification and regression can.

    >>> has_rows("AUC", "classification"), has_rows("MAE", "time_series"), has_rows("Silhouette", "clustering")
    (True, False, False)
    """
    return (task == "classification" and metric in CLASSIFICATION) or (task == "regression" and metric in REGRESSION)


def row_scores(metric: str, answers: Answers) -> Rows | None:
    """Return one number per row, (n,), whose mean is the fold's score; None where ``ml.scoring`` has no score either.

    The numbers have the metric's unit and direction: of an error, the less the better.

    >>> places = np.array([0, 0, 1, 1])
    >>> answers = Answers(places, np.array([0, 1, 1, 1]), np.array([0.1, 0.6, 0.5, 0.9]), classes=2)
    >>> row_scores("Accuracy", answers)
    array([1., 0., 1., 1.])
    >>> float(row_scores("AUC", answers).mean())
    0.75

    Raises:
        MetricHasNoRows: if the metric is of no classification and no regression.
    """
    if metric not in _ROWS:
        raise MetricHasNoRows(metric)
    with np.errstate(all="ignore"):  # rows that are not finite tell by themselves that there is no score
        rows = _ROWS[metric](answers)
    return rows if np.isfinite(rows).all() else None


def _hits(answers: Answers) -> Rows:
    return _floats(answers.truth == answers.predicted)


def _by_class(rows_of: Callable[[Answers, int], Rows]) -> Callable[[Answers], Rows]:
    """Return the metric of the second class of two; of more, its mean over the classes, weighted by their rows."""

    def rows(answers: Answers) -> Rows:
        if answers.classes == 2:
            return rows_of(answers, 1)
        found = np.zeros(len(answers.truth))
        for number in np.unique(answers.truth):
            found += product(_floats(answers.truth == number), rows_of(answers, number))
        return found

    return rows


def _auc(answers: Answers, number: int) -> Rows:
    if answers.ranking is None:
        return _undefined(answers)
    ranking = answers.ranking if answers.classes == 2 else answers.ranking[:, number]
    return outranking(answers.truth == number, ranking) if np.isfinite(ranking).all() else _undefined(answers)


def _recall(answers: Answers, number: int) -> Rows:
    true, named = _true_and_named(answers, number)
    return _quotient_or_0(true * named, true)


def _precision(answers: Answers, number: int) -> Rows:
    true, named = _true_and_named(answers, number)
    return _quotient_or_0(true * named, named)


def _f1(answers: Answers, number: int) -> Rows:
    true, named = _true_and_named(answers, number)
    return _quotient_or_0(2 * true * named, true + named)


def _true_and_named(answers: Answers, number: int) -> tuple[Rows, Rows]:
    return _floats(answers.truth == number), _floats(answers.predicted == number)


def _kappa(answers: Answers) -> Rows:
    by_chance = chance_agreement(answers.truth, answers.predicted)
    return quotient(_hits(answers) - by_chance, 1 - by_chance)


def _mcc(answers: Answers) -> Rows:
    truth, predicted = answers.truth, answers.predicted
    spread = root(product(1 - chance_agreement(truth, truth), 1 - chance_agreement(predicted, predicted)))
    return _quotient_or_0(_hits(answers) - chance_agreement(truth, predicted), spread)


def _absolute_errors(answers: Answers) -> Rows:
    return np.abs(_errors(answers))


def _squared_errors(answers: Answers) -> Rows:
    return np.square(_errors(answers))


def _errors(answers: Answers) -> Rows:
    return _floats(answers.predicted) - _floats(answers.truth)


def _squared_errors_of_logarithms(answers: Answers) -> Rows:
    predicted, truth = np.abs(_floats(answers.predicted)), np.abs(_floats(answers.truth))
    errors: Rows = np.log1p(predicted) - np.log1p(truth)
    return np.square(errors)


def _r2(answers: Answers) -> Rows:
    if len(answers.truth) < 2:
        return _undefined(answers)
    errors, truth = _squared_errors(answers), _floats(answers.truth)
    spread = np.square(truth - truth.mean())
    if not spread.any():  # as scikit-learn has it: what does not vary is explained by a perfect prediction only
        return np.full(len(errors), 0.0 if errors.any() else 1.0)
    return 1 - quotient(errors, spread)


def _mape(answers: Answers) -> Rows:
    known = answers.truth != 0  # the other rows count neither above nor below: they leave the score as it is
    shares = np.divide(_absolute_errors(answers), np.abs(answers.truth), out=np.zeros(len(known)), where=known)
    return quotient(shares, _floats(known))


def _quotient_or_0(above: Rows, below: Rows) -> Rows:
    return quotient(above, below) if below.any() else np.zeros(len(below))


def _floats(numbers: Numbers) -> Rows:
    return numbers.astype(np.float64)


def _undefined(answers: Answers) -> Rows:
    return np.full(len(answers.truth), np.nan)


_ROWS: Mapping[str, Callable[[Answers], Rows]] = MappingProxyType(
    {
        "Accuracy": _hits,
        "AUC": _by_class(_auc),
        "Recall": _by_class(_recall),
        "Precision": _by_class(_precision),
        "F1": _by_class(_f1),
        "Kappa": _kappa,
        "MCC": _mcc,
        "MAE": _absolute_errors,
        "MSE": _squared_errors,
        "RMSE": lambda answers: root(_squared_errors(answers)),
        "R2": _r2,
        "RMSLE": lambda answers: root(_squared_errors_of_logarithms(answers)),
        "MAPE": _mape,
    }
)
