"""Functions of means, as rows: each takes rows that stand for their mean, and returns rows whose mean is the function.

Beside that mean a row holds its influence, the function's derivative applied to how far the row's own values are from
their means, so functions can be put together by the chain rule and the spread of the rows stays right (the delta
method). What is not defined comes out as not finite.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.float64]


def quotient(above: Rows, below: Rows) -> Rows:
    """Return rows, (n,), whose mean is the mean of ``above`` over that of ``below``.

    >>> rows = quotient(np.array([1.0, 0.0, 2.0]), np.array([1.0, 1.0, 4.0]))
    >>> rows, float(rows.mean())
    (array([0.75, 0.25, 0.5 ]), 0.5)
    """
    by = _mean(below)
    found = _mean(above) / by
    return found + (above - found * below) / by


def product(one: Rows, other: Rows) -> Rows:
    """Return rows, (n,), whose mean is the mean of ``one`` times that of ``other``.

    >>> float(product(np.array([0.0, 1.0]), np.array([3.0, 5.0])).mean())
    2.0
    """
    return one * _mean(other) + _mean(one) * (other - _mean(other))


def root(squares: Rows) -> Rows:
    """Return rows, (n,), whose mean is the root of the mean of ``squares``; zeros where that is 0.

    >>> float(root(np.array([0.0, 2.0, 10.0])).mean())
    2.0
    """
    found: np.float64 = np.sqrt(_mean(squares))
    return found + (squares - found**2) / (2 * found) if found else np.zeros(len(squares))


def chance_agreement(one: npt.NDArray[Any], other: npt.NDArray[Any]) -> Rows:
    """Return rows, (n,), whose mean is how often both name the same class if each is drawn by itself.

    Args:
        one: the rows' classes as places, (n,).
        other: likewise.

    >>> float(chance_agreement(np.array([0, 0, 1, 1]), np.array([0, 0, 0, 1])).mean())
    0.5
    """
    classes = max(int(one.max()), int(other.max())) + 1
    shares, other_shares = (np.bincount(places, minlength=classes) / len(places) for places in (one, other))
    rows: Rows = other_shares[one] + shares[other] - shares @ other_shares
    return rows


def outranking(positive: npt.NDArray[np.bool_], ranking: npt.NDArray[Any]) -> Rows:
    """Return rows, (n,), whose mean is how often a positive row ranks above a negative one, ties counted half.

    That is the area under the ROC curve, and the rows are the components of DeLong, DeLong and Clarke-Pearson
    (Comparing the areas under two or more correlated receiver operating characteristic curves, 1988): a row's own
    share of pairs ranked rightly, set off from the area by as much more as its side is rarer.

    >>> rows = outranking(np.array([False, False, True, True]), np.array([0.1, 0.6, 0.5, 0.9]))
    >>> rows, float(rows.mean())
    (array([1.25, 0.25, 0.25, 1.25]), 0.75)
    """
    right, share = ranked_right(positive, ranking), _mean(positive)
    area = _mean(np.where(positive, right, 0)) / share
    set_off: Rows = area + (right - area) / np.where(positive, share, 1 - share)
    return set_off


def ranked_right(positive: npt.NDArray[np.bool_], ranking: npt.NDArray[Any]) -> Rows:
    """Return for each row, (n,), the share of the other class that it is ranked right against; ties are half right.

    >>> ranked_right(np.array([False, False, True, True]), np.array([0.1, 0.6, 0.5, 0.9]))
    array([1. , 0.5, 0.5, 1. ])
    """
    places = np.unique(ranking, return_inverse=True)[1]
    right: Rows = np.where(positive, _share_below(places, ~positive), 1 - _share_below(places, positive))
    return right


def _share_below(places: npt.NDArray[np.intp], among: npt.NDArray[np.bool_]) -> Rows:
    counts = np.bincount(places[among], minlength=int(places.max()) + 1)
    shares: Rows = (np.cumsum(counts) - counts / 2) / counts.sum()
    return shares[places]


def _mean(rows: npt.NDArray[Any]) -> np.float64:
    return np.float64(rows.mean())
