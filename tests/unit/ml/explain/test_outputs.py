from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ml.explain.outputs import Outputs, outputs_of
from ml.metrics import Task

ROWS = pd.DataFrame({"width": [1.0, 4.0, 2.0]})


def asked(task: Task, **fitted: Any) -> tuple[Outputs, list[list[float]]]:
    outputs = outputs_of(task, SimpleNamespace(**fitted))
    return outputs, outputs.of(ROWS).tolist()


def test_two_classes_are_told_by_the_probability_of_the_second() -> None:
    outputs, found = asked(
        "classification", classes_=["no", "yes"], predict_proba=lambda rows: np.array([[0.2, 0.8]] * len(rows))
    )
    assert (outputs.names, outputs.unit) == (("yes",), "probability")
    assert found == [[0.8]] * 3


def test_more_classes_are_told_by_all_of_them() -> None:
    outputs, found = asked("classification", classes_=[1, 5, 9], predict_proba=lambda rows: np.eye(3))
    assert outputs.names == (1, 5, 9)
    assert found == np.eye(3).tolist()


@pytest.mark.parametrize("gives", [{}, {"gives_probabilities": False, "gives_decisions": True}])
def test_without_probabilities_the_decision_is_told(gives: dict[str, bool]) -> None:
    outputs, found = asked(
        "classification", classes_=["no", "yes"], decision_function=lambda rows: rows["width"].to_numpy() - 2, **gives
    )
    assert (outputs.names, outputs.unit) == (("yes",), "decision")
    assert found == [[-1], [2], [0]]


def test_a_classifier_that_gives_neither_is_told_by_what_it_predicts() -> None:
    outputs, found = asked("classification", classes_=["no", "yes"], predict=lambda rows: np.array(["no", "yes", "no"]))
    assert (outputs.names, outputs.unit) == (("yes",), "membership")
    assert found == [[0], [1], [0]]


def test_groups_are_told_by_which_a_row_is_in() -> None:
    outputs, found = asked("clustering", classes_=["Cluster 0", "Noise"], predict=lambda rows: np.array(["Noise"] * 3))
    assert outputs.names == ("Cluster 0", "Noise")
    assert found == [[0, 1]] * 3


def test_unusual_rows_are_told_by_their_score() -> None:
    _outputs, found = asked("anomaly_detection", measures=lambda rows: {"score": rows["width"].to_numpy()})
    assert found == [[1], [4], [2]]


def test_a_forecast_is_asked_for_each_row_alone() -> None:
    _outputs, found = asked("time_series", predict=lambda rows: rows["width"].to_numpy() * len(rows))
    assert found == [[1], [4], [2]]
