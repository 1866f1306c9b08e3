"""How many standard errors a difference must reach, when many candidates are looked at after every fold.

The error that counts is about one candidate: that the truly best one is retired. With ``c`` standard errors it is 5 %
over all looks and all challengers, for candidates that are equal and equally correlated, which is the worst case. Both
tables were found by simulation.
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import log

_CANDIDATES = (2, 5, 10, 14, 20, 25)
_FOLDS = (5, 10, 25, 30)
_ALL_LOOKS = (
    (2.09, 2.55, 2.84, 2.94, 3.01, 3.06),
    (2.24, 2.73, 2.98, 3.06, 3.18, 3.23),
    (2.40, 2.91, 3.11, 3.25, 3.34, 3.38),
    (2.45, 2.89, 3.17, 3.26, 3.34, 3.41),
)
_ONE_LOOK = (1.64, 2.16, 2.41, 2.53, 2.63, 2.69)


def all_looks(candidates: int, folds: int) -> float:
    """Return the standard errors for a look after each fold but the last.

    Args:
        candidates: how many there were at the start, whoever is still there.
        folds: how many are planned.

    >>> all_looks(14, 10)
    3.06
    >>> all_looks(5, 10) < all_looks(7, 10) < all_looks(7, 20)
    True
    """
    each = [_between(_CANDIDATES, row, candidates) for row in _ALL_LOOKS]
    return _between(_FOLDS, each, folds)


def one_look(candidates: int) -> float:
    """Return the standard errors for one look at the end: who is nearer to the leader is tied with it.

    >>> one_look(2), one_look(10)
    (1.64, 2.41)
    """
    return _between(_CANDIDATES, _ONE_LOOK, candidates)


def _between(places: Sequence[int], values: Sequence[float], at: int) -> float:
    """Return the value at a place by a straight line in its logarithm, also beyond the last; the first is the least."""
    if at <= places[0]:
        return values[0]
    right = min(bisect_right(places, at), len(places) - 1)
    left = right - 1
    share = (log(at) - log(places[left])) / (log(places[right]) - log(places[left]))
    return round(values[left] + share * (values[right] - values[left]), 10)
