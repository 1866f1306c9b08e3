"""Two candidates on the same folds: how sure it is that one is better, and by more than what matters.

Folds share training rows, so their scores are not independent, and a plain t-test finds differences that are not there.
Nadeau and Bengio (2003, Inference for the generalization error, Machine Learning 52) widen the variance of a mean of
``n`` differences from ``1/n`` to ``1/n + rho/(1 - rho)``, where ``rho``, the correlation of two folds, is the share of
rows that is kept out. Both tests here do: the one gives a p-value, the other a posterior (Benavoli, Corani, Demsar,
Zaffalon, 2017, Time for a change, Journal of Machine Learning Research 18).

Scores are of any metric of which more is better; give those of an error with the sign turned.
"""

from dataclasses import dataclass
from math import inf, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import stdtr, stdtrit

from ml.comparisons.paired import ComparisonRefused, ScoresTooFew, differences, finite, in_standard_errors, mean, spread

_FEWEST_SCORES = 3


class ShareImpossible(ComparisonRefused):
    """Rows that are kept out are neither none nor all."""

    def __init__(self, test_share: float) -> None:
        self.test_share = test_share
        super().__init__(
            f"The share of rows kept out is {test_share}, and has to be between 0 and 1.", "Ten folds keep out 0.1."
        )


class MarginImpossible(ComparisonRefused):
    """A difference that is the same for practice cannot be less than none."""

    def __init__(self, margin: float) -> None:
        self.margin = margin
        super().__init__(f"The margin is {margin}, and has to be 0 or more.", "Give it in the metric's own scale.")


@dataclass(frozen=True)
class Shares:
    """How a posterior of the true difference is shared out; the three sum to 1.

    >>> Shares(better=0.75, same=0.25, worse=0.0).better
    0.75
    """

    better: float
    """Share by which the first is better by more than the margin."""
    same: float
    """Share by which both are within the margin of each other."""
    worse: float
    """Share by which the first is worse by more than the margin."""


@dataclass(frozen=True)
class Difference:
    """What a t-test says of the mean difference; above 0 the first is better.

    >>> corrected_t([0.5, 0.5, 0.5], [0.5, 0.5, 0.5], test_share=0.1)
    Difference(mean=0.0, low=0.0, high=0.0, statistic=0.0, p_value=1.0)
    """

    mean: float
    low: float
    """Lower end of the 95 % interval of the difference, in the metric's own scale."""
    high: float
    """Upper end of that interval."""
    statistic: float
    """The difference in standard errors; infinite if it is the same on every fold, and not 0."""
    p_value: float
    """Chance, from 0 to 1, of a difference as large between candidates that are truly equal; two-sided."""


@dataclass(frozen=True)
class _Student:
    mean: float
    standard_error: float
    degrees: int

    def beyond(self, margin: float) -> float:
        """Return the share above ``margin`` of the t-distribution about the mean."""
        return self._below(margin, -self.mean)

    def short_of(self, margin: float) -> float:
        """Return the share below minus ``margin``."""
        return self._below(margin, self.mean)

    def _below(self, margin: float, mean: float) -> float:
        # Of each tail by itself, since one minus a share that is nearly one keeps few digits.
        if not self.standard_error:
            return float(mean < -margin)
        return float(stdtr(self.degrees, (-margin - mean) / self.standard_error))


def correlated_t(first: npt.ArrayLike, second: npt.ArrayLike, *, margin: float, test_share: float) -> Shares:
    """Return how likely it is, given their scores, that the first candidate is better, the same or worse.

    Differences that are equal on every fold leave no doubt: one of the shares is 1.

    >>> shares = correlated_t([0.75, 0.74, 0.78], [0.70, 0.71, 0.72], margin=0.01, test_share=1 / 3)
    >>> round(shares.better, 3), round(shares.same, 3), round(shares.worse, 3)
    (0.94, 0.032, 0.028)

    Args:
        first: one score per fold, shape ``(scores,)``; repeats of a cross-validation one after the other.
        second: those of the other candidate on the same folds, in the same order.
        margin: the difference that is the same for practice, in the metric's own scale (the half width of the ROPE).
        test_share: how much of the rows each fold keeps out: ``1 / folds`` in a cross-validation, repeated or not.

    Raises:
        LengthsDiffer, NotFinite, ScoresTooFew: if the scores cannot be compared.
        MarginImpossible, ShareImpossible: if there is no such margin or share.
    """
    if not 0 <= margin < inf:
        raise MarginImpossible(margin)
    difference = _between(first, second, test_share)
    better, worse = difference.beyond(margin), difference.short_of(margin)
    return Shares(better=better, same=max(0.0, 1.0 - (better + worse)), worse=worse)


def corrected_t(
    first: npt.ArrayLike, second: npt.ArrayLike, *, test_share: float, confidence: float = 0.95
) -> Difference:
    """Return the mean difference of two candidates' scores, its interval, and its p-value.

    >>> found = corrected_t([0.75, 0.74, 0.78], [0.70, 0.71, 0.72], test_share=1 / 3)
    >>> round(found.mean, 3), round(found.statistic, 3), round(found.p_value, 3)
    (0.047, 3.347, 0.079)

    Args:
        first: one score per fold, shape ``(scores,)``.
        second: those of the other candidate on the same folds, in the same order.
        test_share: how much of the rows each fold keeps out, such as ``1 / folds``.
        confidence: of the interval.

    Raises:
        LengthsDiffer, NotFinite, ScoresTooFew: if the scores cannot be compared.
        ShareImpossible: if there is no such share.
    """
    found = _between(first, second, test_share)
    reach = float(stdtrit(found.degrees, (1 + confidence) / 2)) * found.standard_error
    statistic = in_standard_errors(found.mean, found.standard_error)
    p_value = 2 * float(stdtr(found.degrees, -abs(statistic)))
    return Difference(found.mean, found.mean - reach, found.mean + reach, statistic, p_value)


def _between(first: npt.ArrayLike, second: npt.ArrayLike, test_share: float) -> _Student:
    if not 0 < test_share < 1:
        raise ShareImpossible(test_share)
    one, other = finite(first), finite(second)
    found = differences(one, other)
    if len(found) < _FEWEST_SCORES:
        raise ScoresTooFew(len(found), _FEWEST_SCORES)
    scale = float(max(np.abs(one).max(), np.abs(other).max()))
    variance = spread(found, scale) * (1 / len(found) + test_share / (1 - test_share))
    return _Student(mean(found), sqrt(variance), len(found) - 1)
