"""DeLong's test: the areas under the ROC curve (AUC) of two fitted classifiers on the same rows.

DeLong, DeLong, Clarke-Pearson (1988, Comparing the areas under two or more correlated receiver operating
characteristic curves, Biometrics 44), by ranks as in Sun and Xu (2014, Fast implementation of DeLong's algorithm, IEEE
Signal Processing Letters 21): ``n log n`` steps for ``n`` rows, where pairs would be ``n`` squared.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from ml.comparisons.paired import (
    ComparisonRefused,
    LengthsDiffer,
    finite,
    in_standard_errors,
    mean,
    spread,
)
from ml.row_means import ranked_right

_FEWEST_OF_CLASS = 2


class ClassTooSmall(ComparisonRefused):
    """An area under the curve has no spread where one class has fewer than two rows."""

    def __init__(self, positives: int, negatives: int) -> None:
        self.positives = positives
        self.negatives = negatives
        super().__init__(
            f"The holdout has {positives} positive and {negatives} negative rows, and needs {_FEWEST_OF_CLASS} of "
            "each.",
            "Draw it anew, with the dataset's share of each class.",
        )


@dataclass(frozen=True)
class Delong:
    """The areas under two curves, from 0 to 1, and what their difference is worth; above 0 the first is better.

    >>> delong([True, True, False, False], [4, 3, 2, 1], [4, 3, 2, 1]).p_value
    1.0
    """

    first: float
    second: float
    difference: float
    low: float
    """Lower end of the 95 % interval of the difference."""
    high: float
    """Upper end of that interval."""
    statistic: float
    """The difference in standard errors; infinite if no row speaks against it."""
    p_value: float
    """Chance, from 0 to 1, of a difference as large between areas that are truly equal; two-sided."""


def delong(positive: npt.ArrayLike, first: npt.ArrayLike, second: npt.ArrayLike, *, confidence: float = 0.95) -> Delong:
    """Return the areas under the curves of two candidates, their difference, its interval and its p-value.

    >>> found = delong([True, True, True, False, False], [0.9, 0.8, 0.3, 0.5, 0.2], [0.6, 0.4, 0.2, 0.5, 0.3])
    >>> round(found.first, 3), round(found.second, 3), round(found.p_value, 3)
    (0.833, 0.5, 0.046)

    Args:
        positive: whether each row is of the positive class, shape ``(rows,)``.
        first: what the first candidate ranks the rows by, such as a probability; the greater, the more positive.
        second: what the other ranks the same rows by, in the same order; on any scale.
        confidence: of the interval.

    Raises:
        LengthsDiffer, NotFinite: if these are not a number for each row.
        ClassTooSmall: if a class has fewer than two rows.
    """
    truth, one, other = np.asarray(positive, dtype=bool), finite(first), finite(second)
    for ranking in (one, other):
        if ranking.shape != truth.shape:
            raise LengthsDiffer(truth.size, ranking.size)
    positives = int(truth.sum())
    if min(positives, truth.size - positives) < _FEWEST_OF_CLASS:
        raise ClassTooSmall(positives, truth.size - positives)
    ranked_first, ranked_second = ranked_right(truth, one), ranked_right(truth, other)
    variance = sum(spread(ranked_first[rows] - ranked_second[rows], scale=1.0) / rows.sum() for rows in (truth, ~truth))
    areas = mean(ranked_first[truth]), mean(ranked_second[truth])
    difference, standard_error = areas[0] - areas[1], sqrt(variance)
    reach = float(ndtri((1 + confidence) / 2)) * standard_error
    statistic = in_standard_errors(difference, standard_error)
    p_value = 2 * float(ndtr(-abs(statistic)))
    return Delong(*areas, difference, difference - reach, difference + reach, statistic, p_value)
