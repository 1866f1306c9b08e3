"""The evaluation report of a model version, as tables: what its predictions of rows that it did not see say of it.

Each family of tables has a file, whose entry names the tables and their columns.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

import pandas as pd

from ml.metrics import Task
from ml.report.anomalies import anomaly_tables
from ml.report.calibration import calibration_tables
from ml.report.confusion import confusion_tables
from ml.report.curves import curve_tables
from ml.report.evidence import Evidence
from ml.report.forecasts import forecast_tables
from ml.report.groups import group_tables
from ml.report.residuals import residual_tables
from ml.report.slices import error_rates, error_sizes

Tables = dict[str, pd.DataFrame]


def report_tables(task: Task, evidence: Evidence) -> Mapping[str, pd.DataFrame]:
    """Return the tables of a report, by name; the order in which predictions came means nothing.

    >>> seen = pd.DataFrame({"row": [0, 1], "truth": ["a", "b"], "prediction": ["a", "a"]})
    >>> list(report_tables("classification", Evidence(seen, pd.DataFrame({"age": [3, 4]}), ("a", "b"))))
    ['confusion', 'classes', 'slices']
    """
    order = [name for name in ("row", "fold") if name in evidence.predictions]
    predictions = evidence.predictions.sort_values(order, ignore_index=True)
    return _FAMILIES[task](replace(evidence, predictions=predictions))


def _classification(evidence: Evidence) -> Tables:
    ranked = curve_tables(evidence) | calibration_tables(evidence)
    return ranked | confusion_tables(evidence) | {"slices": error_rates(evidence)}


def _regression(evidence: Evidence) -> Tables:
    return residual_tables(evidence) | {"slices": error_sizes(evidence)}


def _time_series(evidence: Evidence) -> Tables:
    quantiles = residual_tables(evidence)["residual_quantiles"]
    return forecast_tables(evidence) | {"residual_quantiles": quantiles, "slices": error_sizes(evidence)}


_FAMILIES: Mapping[Task, Callable[[Evidence], Tables]] = MappingProxyType(
    {
        "classification": _classification,
        "regression": _regression,
        "time_series": _time_series,
        "clustering": group_tables,
        "anomaly_detection": anomaly_tables,
    }
)
