import pickle
from time import perf_counter
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ml.engines.costs import serving_cost

ROWS = pd.DataFrame({"a": [1.0, 2.0]})


class Answers:
    """Answers each row with its number, after so many seconds of work."""

    def __init__(self, seconds: float = 0.0, ballast: int = 0) -> None:
        self.seconds = seconds
        self.ballast = np.zeros(ballast, dtype=np.uint8)
        self.asked = 0

    def predict(self, rows: pd.DataFrame) -> Any:
        assert len(rows) == 1, "one row at a time, as a request brings it"
        self.asked += 1
        until = perf_counter() + self.seconds
        while perf_counter() < until:
            pass
        return rows["a"].to_numpy()


class Unpicklable(Answers):
    """Holds what cannot be pickled."""

    def __init__(self) -> None:
        super().__init__()
        self.held = lambda: None


def test_the_size_is_that_of_the_pickle() -> None:
    fitted = Answers(ballast=1_000_000)
    assert serving_cost(fitted, ROWS).pipeline_bytes == pytest.approx(len(pickle.dumps(fitted)), rel=0.01)


def test_what_cannot_be_pickled_has_no_size() -> None:
    assert serving_cost(Unpicklable(), ROWS).pipeline_bytes is None


def test_the_times_are_those_of_single_rows() -> None:
    cost = serving_cost(Answers(seconds=0.01), ROWS)
    assert 0.01 <= cost.answer_seconds <= cost.slowest_seconds


def test_a_slow_one_is_asked_three_times_after_the_first_and_a_quick_one_twenty_times_at_most() -> None:
    slow, quick = Answers(seconds=0.06), Answers()
    serving_cost(slow, ROWS)
    serving_cost(quick, ROWS)
    assert slow.asked == 1 + 3
    assert 1 + 3 <= quick.asked <= 1 + 20
