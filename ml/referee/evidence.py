"""What one fold says of the candidates that raced it: small sums, from which everything else follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[Any]

HEAVIEST = 5
"""So many rows are kept by their weight, to tell whether few of them decide."""


@dataclass(frozen=True)
class Evidence:
    """One fold. Candidates are in the plan's order; row sums are over the fold's rows, or groups of rows.

    With C candidates:
    """

    candidates: tuple[str, ...]
    scores: Numbers
    """(C,) the fold's scores, in the metric's own scale."""
    rows: int
    """Rows scored."""
    units: int
    """Rows, or groups where rows of a group belong together, that are taken for independent of each other."""
    products: Numbers | None
    """(C, C) sums over the units of the products of two candidates' row scores, each less its mean; None where the
    metric is no mean over rows, or the rows are not there."""
    heaviest: Numbers | None
    """(C, 5) the largest summands on the diagonal of ``products``."""


def evidence_of(
    scores: Mapping[str, float], rows: Mapping[str, Numbers] | None = None, groups: Numbers | None = None
) -> Evidence:
    """Return what a fold says.

    Args:
        scores: the fold's score of each candidate.
        rows: (n,) row scores of each, whose mean is its score, all in the same order of rows; None if there are none.
        groups: (n,) the number of each row's group, if rows of a group belong together.

    >>> evidence_of({"a": 0.5, "b": 1.0}, {"a": np.array([0.0, 1.0]), "b": np.array([1.0, 1.0])}).products
    array([[1., 0.],
           [0., 0.]])
    """
    names, values = tuple(scores), np.array(list(scores.values()), dtype=float)
    if rows is None:
        return Evidence(names, values, rows=0, units=0, products=None, heaviest=None)
    matrix = np.array([rows[name] for name in names], dtype=float)
    count = matrix.shape[1]
    matrix -= matrix.mean(axis=1, keepdims=True)
    if groups is not None:
        matrix = _summed(matrix, groups)
    units = matrix.shape[1]
    # As an unbiased variance is: the mean was taken from the same rows.
    matrix *= np.sqrt(units / max(units - 1, 1))
    return Evidence(names, values, count, units, matrix @ matrix.T, _largest(np.square(matrix)))


def shared(evidence: Sequence[Evidence]) -> tuple[str, ...]:
    """Return the candidates that have raced every fold of ``evidence``, in the plan's order."""
    everywhere = frozenset.intersection(*(frozenset(fold.candidates) for fold in evidence))
    return tuple(name for name in evidence[0].candidates if name in everywhere)


def _summed(matrix: Numbers, groups: Numbers) -> Numbers:
    _, places = np.unique(groups, return_inverse=True)
    sums = np.zeros((len(matrix), int(places.max()) + 1))
    for row, values in enumerate(matrix):
        sums[row] = np.bincount(places, weights=values, minlength=sums.shape[1])
    return sums


def _largest(squares: Numbers) -> Numbers:
    kept = min(HEAVIEST, squares.shape[1])
    largest = np.zeros((len(squares), HEAVIEST))
    largest[:, :kept] = -np.sort(-np.partition(squares, squares.shape[1] - kept, axis=1)[:, -kept:], axis=1)
    return largest
