"""McNemar's test: two fitted classifiers on the same rows, by the rows that only one of them gets right.

McNemar (1947, Note on the sampling error of the difference between correlated proportions, Psychometrika 12), with
Edwards' correction for continuity (1948); Dietterich (1998, Approximate statistical tests for comparing supervised
classification learning algorithms, Neural Computation 10) recommends it where each candidate is fitted once.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import bdtr, chdtrc

from ml.comparisons.paired import ComparisonRefused, LengthsDiffer

_FEWEST_FOR_CHI_SQUARE = 25


class AnswersNotJudged(ComparisonRefused):
    """McNemar's test counts answers that are right, and these values do not say which are."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(
            f"McNemar's test takes true for each right answer and false for each wrong one, not values of {kind}.",
            "Compare labels with the truth first; numbers are never just right: compare those by folds.",
        )


@dataclass(frozen=True)
class McNemar:
    """Which of two classifiers is right more often, over rows that both answered.

    >>> McNemar(only_first=3, only_second=1, statistic=1.0, p_value=0.625, exact=True).only_first
    3
    """

    only_first: int
    """Rows that the first alone gets right."""
    only_second: int
    """Rows that the second alone gets right."""
    statistic: float
    """The smaller of these counts if ``exact``; else chi-square with one degree of freedom."""
    p_value: float
    """Chance, from 0 to 1, of counts as unequal if both are right equally often; two-sided."""
    exact: bool
    """Whether it is by the binomial distribution: under 25 rows that tell the two apart."""


def mcnemar(first_right: npt.ArrayLike, second_right: npt.ArrayLike) -> McNemar:
    """Return whether one of two classifiers is right more often.

    >>> truth, first, second = np.array(list("aabb")), np.array(list("aaba")), np.array(list("abba"))
    >>> mcnemar(first == truth, second == truth)
    McNemar(only_first=1, only_second=0, statistic=0.0, p_value=1.0, exact=True)

    Args:
        first_right: whether the first candidate's answer is right, shape ``(rows,)``.
        second_right: whether the other's is, on the same rows in the same order.

    Raises:
        AnswersNotJudged: if these are not truth values.
        LengthsDiffer: if they are of different rows.
    """
    first, second = _truth_values(first_right), _truth_values(second_right)
    if first.shape != second.shape:
        raise LengthsDiffer(first.size, second.size)
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    apart, fewer = only_first + only_second, min(only_first, only_second)
    if apart < _FEWEST_FOR_CHI_SQUARE:
        p_value = min(1.0, 2 * float(bdtr(fewer, apart, 0.5)))
        return McNemar(only_first, only_second, float(fewer), p_value, exact=True)
    # Equal counts are no difference, of which the correction would make one of -1.
    statistic = max(0, abs(only_first - only_second) - 1) ** 2 / apart
    return McNemar(only_first, only_second, statistic, float(chdtrc(1, statistic)), exact=False)


def _truth_values(values: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    array = np.asarray(values)
    if array.dtype != np.bool_:
        raise AnswersNotJudged(array.dtype.name)
    return array
