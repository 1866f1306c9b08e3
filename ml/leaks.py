"""Columns that tell the target by themselves: what was copied from it, made of it, or written down after it."""

from collections.abc import Callable
from dataclasses import dataclass
from math import log
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ml.metrics import Task

How = Literal["values", "gaps", "order", "linear", "monotone", "equal"]
"""By what a column tells the target: each of its values, whether it has one, their order, or a rule from the one to
the other."""

_Codes = npt.NDArray[np.intp]
_Numbers = npt.NDArray[np.float64]
_SURE = log(1e6)
"""What tells the target by chance in one of a million data sets tells it."""
_AS_ONE = 0.9999
_NOT_BY_OUTLIERS = 0.99
_FEWEST_IN_BLOCK = 5


@dataclass(frozen=True)
class _Values:
    """A column's values in the rows where it has one."""

    known: npt.NDArray[np.bool_]
    codes: _Codes
    """Places among the distinct values; in their order, if they have one."""
    numbers: _Numbers | None
    """None for strings, whose order means nothing."""


def leaks_of(rows: pa.Table, target: str, task: Task) -> dict[str, How]:
    """Return each column that tells ``target`` by itself in these rows, and how; none for a task without a target.

    >>> half = [n % 2 for n in range(40)]
    >>> leaks_of(pa.table({"passed": half, "grade": ["AF"[n] for n in half]}), "passed", "classification")
    {'grade': 'values'}
    """
    if task in {"clustering", "anomaly_detection"}:
        return {}
    rows = rows.filter(_known(rows[target]))
    if not len(rows):
        return {}
    tells = _teller(rows, _values(rows[target]), task)
    found = {name: tells(_values(rows[name])) for name in rows.column_names if name != target}
    return {name: how for name, how in found.items() if how}


def _teller(rows: pa.Table, truth: _Values, task: Task) -> Callable[[_Values], How | None]:
    if task == "time_series":
        return lambda column: _equals(column, truth)
    if task == "regression":
        return lambda column: _tells_numbers(column, truth)
    # Rows that are there twice make each of their values repeat, and tell nothing by it.
    different = rows.group_by(rows.column_names, use_threads=False).aggregate([]).num_rows
    return lambda column: _tells_classes(column, truth.codes, different)


def _tells_classes(column: _Values, classes: _Codes, different: int) -> How | None:
    shown = classes[column.known]
    owners = _owners(column.codes, shown)
    if owners is not None:
        counts = _counts(shown)
        one_to_one = len(owners) == len(counts)
        repeat = len(owners) <= len(shown) / 2 and (one_to_one or len(owners) <= different / 2)
        if repeat and _ways(counts) - _ways(_counts(owners)) > _SURE:
            return "values"
        in_blocks = column.numbers is not None and np.count_nonzero(np.diff(owners)) == len(counts) - 1
        # A handful of rows that are the highest need no leak: only what is seen of the larger classes counts.
        large = counts[counts >= _FEWEST_IN_BLOCK]
        if in_blocks and _ways(large) - _ways(np.ones_like(large)) > _SURE:
            return "order"
    return "gaps" if _gaps_tell(column.known, classes) else None


def _gaps_tell(known: npt.NDArray[np.bool_], classes: _Codes) -> bool:
    return _owners(known.astype(np.intp), classes) is not None and _ways(_counts(classes)) - log(2) > _SURE


def _owners(codes: _Codes, classes: _Codes) -> _Codes | None:
    """Return the class of each value; None if a value goes with several, or there is but one class."""
    if not len(codes):
        return None
    width = int(classes.max()) + 1
    pairs = np.unique(codes * width + classes)
    owners: _Codes = pairs % width
    is_told = len(pairs) == len(np.unique(codes)) and (owners != owners[0]).any()
    return owners if is_told else None


def _tells_numbers(column: _Values, truth: _Values) -> How | None:
    if column.numbers is None or truth.numbers is None or not column.known.any():
        return None
    wanted, places = truth.numbers[column.known], truth.codes[column.known]
    if _ways(_counts(places)) < _SURE:
        return None
    by_rank = _correlation(_ranks(column.codes), _ranks(places))
    if by_rank > _NOT_BY_OUTLIERS and _correlation(column.numbers, wanted) > _AS_ONE:
        return "linear"
    return "monotone" if by_rank > _AS_ONE else None


def _equals(column: _Values, truth: _Values) -> How | None:
    if column.numbers is None or truth.numbers is None:
        return None
    same = np.array_equal(column.numbers, truth.numbers[column.known])
    return "equal" if same and _ways(_counts(column.codes)) > _SURE else None


def _counts(codes: _Codes) -> _Codes:
    counts = np.bincount(codes)
    return counts[counts > 0]


def _ways(counts: npt.NDArray[Any]) -> float:
    """Return the logarithm of the number of ways in which labels, so many of each, can be dealt out."""
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, counts.sum() + 1)))])
    return float(factorials[-1] - factorials[counts].sum())


def _correlation(one: _Numbers, other: _Numbers) -> float:
    """Return how near to a line the two are, from 0 to 1; 0 if either never varies."""
    one, other = (values / (np.abs(values).max() or 1.0) for values in (one, other))
    one, other = one - one.mean(), other - other.mean()
    norm = float(np.linalg.norm(one) * np.linalg.norm(other))
    return abs(float(one @ other)) / norm if norm else 0.0


def _ranks(codes: _Codes) -> _Numbers:
    """Return the ranks of values; of equal ones the mean of theirs."""
    counts = np.bincount(codes)
    ranks: _Numbers = (np.cumsum(counts) - (counts - 1) / 2)[codes]
    return ranks


def _values(column: pa.ChunkedArray) -> _Values:
    mask = _known(column)
    known = mask.to_numpy(zero_copy_only=False)
    held = column.combine_chunks().filter(mask)
    if pa.types.is_string(held.type):
        return _Values(known, held.dictionary_encode().indices.to_numpy().astype(np.intp), None)
    if pa.types.is_temporal(held.type):
        held = held.view(pa.int32() if held.type.bit_width == 32 else pa.int64())
    numbers = held.to_numpy(zero_copy_only=False)
    codes: _Codes = np.unique(numbers, return_inverse=True)[1]
    return _Values(known, codes, numbers.astype(float))


def _known(column: pa.ChunkedArray) -> pa.Array:
    """Return where there is a value; an infinite number is none."""
    array = column.combine_chunks()
    valid = array.is_valid()
    return pc.and_kleene(valid, pc.is_finite(array)) if pa.types.is_floating(array.type) else valid
