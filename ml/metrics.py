"""Which metrics there are, which way each is better, and which one ranks; ``ml.scoring`` computes them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Task = Literal["classification", "regression"]

CLASSIFICATION: tuple[str, ...] = ("Accuracy", "AUC", "Recall", "Precision", "F1", "Kappa", "MCC")
"""PyCaret's, in its order; Recall, Precision and F1 are of the second class when there are two, weighted when more."""

REGRESSION: tuple[str, ...] = ("MAE", "MSE", "RMSE", "R2", "RMSLE", "MAPE")
"""PyCaret's, in its order."""

_BETTER_WHEN_GREATER: Mapping[str, bool] = MappingProxyType(
    dict.fromkeys(CLASSIFICATION, True) | dict.fromkeys(REGRESSION, False) | {"R2": True}
)


class MetricUnknown(ValueError):
    """No metric has this name."""

    def __init__(self, metric: str) -> None:
        self.metric = metric
        super().__init__(f"There is no metric {metric!r}. Choose one of {', '.join(_BETTER_WHEN_GREATER)}.")


def metrics_of(task: Task) -> tuple[str, ...]:
    """Return the names of the metrics that a fit of ``task`` is scored by.

    >>> "R2" in metrics_of("regression")
    True
    """
    return CLASSIFICATION if task == "classification" else REGRESSION


def greater_is_better(metric: str) -> bool:
    """Return whether a greater score of ``metric`` is the better one.

    >>> greater_is_better("AUC"), greater_is_better("RMSE")
    (True, False)

    Raises:
        MetricUnknown: if there is no such metric.
    """
    try:
        return _BETTER_WHEN_GREATER[metric]
    except KeyError:
        raise MetricUnknown(metric) from None


def default_metric(task: Task, classes: int | None = None) -> str:
    """Return the metric that ranks when nobody chose one: ``classes`` is how many values the target has.

    >>> default_metric("classification", 2), default_metric("classification", 3), default_metric("regression")
    ('AUC', 'Accuracy', 'R2')
    """
    if task == "regression":
        return "R2"
    return "AUC" if classes == 2 else "Accuracy"
