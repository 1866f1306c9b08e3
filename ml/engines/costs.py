"""What a fitted candidate costs to serve: how large it is, and how long it takes to answer one row."""

import io
import pickle
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import Any

import pandas as pd

_FEWEST_ASKED, _MOST_ASKED = 3, 20
_SECONDS = 0.05


@dataclass(frozen=True)
class ServingCost:
    """One fitted candidate, with its preprocessing."""

    pipeline_bytes: int | None
    """Its size when pickled; None if it cannot be."""
    answer_seconds: float
    """Wall time of answering one row, at the median of some rows."""
    slowest_seconds: float
    """The longest of these."""


def serving_cost(fitted: Any, rows: pd.DataFrame) -> ServingCost:
    """Measure what ``fitted`` costs to serve, by asking for some rows, one at a time.

    It takes about a twentieth of a second, or three answers if those take longer, and one more that does not count.

    Args:
        fitted: takes rows as people have them.
        rows: some of these; at least one.
    """
    fitted.predict(rows.iloc[:1])
    times = list(_times(fitted, rows))
    return ServingCost(_size(fitted), median(times), max(times))


def _times(fitted: Any, rows: pd.DataFrame) -> Iterator[float]:
    began = perf_counter()
    for asked in range(_MOST_ASKED):
        at = asked % len(rows)
        start = perf_counter()
        fitted.predict(rows.iloc[at : at + 1])
        end = perf_counter()
        yield end - start
        if end - began > _SECONDS and asked + 1 >= _FEWEST_ASKED:
            return


def _size(fitted: Any) -> int | None:
    counted = _Counter()
    try:
        pickle.Pickler(counted, pickle.HIGHEST_PROTOCOL).dump(fitted)
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError):
        return None
    return counted.size


class _Counter(io.RawIOBase):
    """Counts bytes and forgets them, as a large forest is not to be held twice."""

    size = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        length = memoryview(piece).nbytes
        self.size += length
        return length
