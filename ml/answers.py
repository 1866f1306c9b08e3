"""What a candidate answered on the rows of a fold, read from the table that a worker stores."""

import json
from typing import TYPE_CHECKING

import numpy as np

from ml.metrics import Task
from ml.row_scores import Answers, Numbers

if TYPE_CHECKING:
    import pyarrow as pa


def answers_in(table: "pa.Table", task: Task) -> Answers:
    """Return the answers in a table of out-of-fold predictions, see ``ml.engines.port.FitOutcome``.

    Args:
        table: of a classification or a regression; the labels of the former stand in its metadata.
        task: which of the two.
    """
    if task != "classification":
        return Answers(_numbers(table, "truth"), _numbers(table, "prediction"), ranking=None, classes=0)
    labels = json.loads(table.schema.metadata[b"trackside.classes"])
    place = {label: number for number, label in enumerate(labels)}
    truth, predicted = (
        np.array([place[label] for label in table[name].to_pylist()]) for name in ("truth", "prediction")
    )
    probabilities, decision = (_per_class(table, kind, len(labels)) for kind in ("probability", "decision"))
    return Answers(truth, predicted, ranking_of(probabilities, decision, len(labels)), len(labels))


def ranking_of(probabilities: Numbers | None, decision: Numbers | None, classes: int) -> Numbers | None:
    """Return what orders the rows, of what a classifier gives; None if it gives neither."""
    # PyCaret's order for two classes. For more it is the other way round: PyCaret takes the decisions there too, fails
    # because they do not sum to 1, and reports 0.
    if classes == 2:
        return decision if decision is not None or probabilities is None else probabilities[:, 1]
    return probabilities if probabilities is not None else decision


def _per_class(table: "pa.Table", kind: str, classes: int) -> Numbers | None:
    """Return what a classifier gave per class, (n, classes); or of one decision for two classes (n,)."""
    if kind in table.column_names:
        return _numbers(table, kind)
    if f"{kind}_0" not in table.column_names:
        return None
    return np.column_stack([_numbers(table, f"{kind}_{number}") for number in range(classes)])


def _numbers(table: "pa.Table", name: str) -> Numbers:
    numbers: Numbers = table[name].to_numpy().astype(float)
    return numbers
