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
    return Answers(truth, predicted, _ranking(table, len(labels)), len(labels))


def _ranking(table: "pa.Table", classes: int) -> Numbers | None:
    """Return what orders the rows, as ``ml.engines.judges`` chooses it."""
    names = table.column_names
    if classes == 2:
        chosen = next((name for name in ("decision", "probability_1") if name in names), None)
        return None if chosen is None else _numbers(table, chosen)
    for kind in ("probability", "decision"):
        if f"{kind}_0" in names:
            return np.column_stack([_numbers(table, f"{kind}_{number}") for number in range(classes)])
    return None


def _numbers(table: "pa.Table", name: str) -> Numbers:
    numbers: Numbers = table[name].to_numpy().astype(float)
    return numbers
