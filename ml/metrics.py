"""Which metrics there are, which way each is better, and which one ranks; ``ml.scoring`` computes them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

Task = Literal["classification", "regression", "clustering", "anomaly_detection", "time_series"]

CLASSIFICATION: tuple[str, ...] = ("Accuracy", "AUC", "Recall", "Precision", "F1", "Kappa", "MCC")
"""PyCaret's, in its order; Recall, Precision and F1 are of the second class when there are two, weighted when more."""

REGRESSION: tuple[str, ...] = ("MAE", "MSE", "RMSE", "R2", "RMSLE", "MAPE")
"""PyCaret's, in its order."""

CLUSTERING: tuple[str, ...] = ("Silhouette", "Calinski-Harabasz", "Davies-Bouldin")
"""PyCaret's that need no truth. Silhouette ranks: it has the same range whatever the number of groups, so candidates
that find different numbers can be compared, and it can count rows that a candidate leaves out as lost."""

ANOMALY_DETECTION: tuple[str, ...] = ("Contrast", "ShuffledAUC", "UniformAUC", "Excess")
"""Ours, for PyCaret has none without labels; see ``ml.scoring.score_anomalies`` for what each is. Contrast ranks: a
detector is useful as far as it tells rows that there are from rows that there could be."""

TIME_SERIES: tuple[str, ...] = ("MASE", "RMSSE", "MAE", "RMSE", "MAPE", "SMAPE", "R2")
"""PyCaret's, in its order. MASE ranks: it is the error against that of the naive forecast, so folds of different
levels weigh alike, and 1 is what costs nothing."""

METRICS: Mapping[Task, tuple[str, ...]] = MappingProxyType(
    {
        "classification": CLASSIFICATION,
        "regression": REGRESSION,
        "clustering": CLUSTERING,
        "anomaly_detection": ANOMALY_DETECTION,
        "time_series": TIME_SERIES,
    }
)

_GREATER = {*CLASSIFICATION, "R2", "Silhouette", "Calinski-Harabasz", "Contrast", "ShuffledAUC", "UniformAUC"}
_BETTER_WHEN_GREATER: Mapping[str, bool] = MappingProxyType(
    {metric: metric in _GREATER for metrics in METRICS.values() for metric in metrics}
)
_DEFAULTS: Mapping[Task, str] = MappingProxyType(
    {"regression": "R2", "clustering": "Silhouette", "anomaly_detection": "Contrast", "time_series": "MASE"}
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
    return METRICS[task]


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
    if task == "classification":
        return "AUC" if classes == 2 else "Accuracy"
    return _DEFAULTS[task]
