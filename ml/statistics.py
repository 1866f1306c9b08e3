"""What fold scores say about a candidate's true score."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, variance

from scipy.special import stdtrit

_FEWEST_SCORES = 3


@dataclass(frozen=True)
class Estimate:
    """A mean score, and the interval that holds the true one with 95 % confidence."""

    mean: float
    low: float | None
    """None under three scores: their spread says too little."""
    high: float | None


def estimate(scores: Sequence[float], folds: int, confidence: float = 0.95) -> Estimate:
    """Return the mean of ``scores`` and its interval, corrected for folds that share training rows.

    Folds overlap, so the plain interval is too short; Nadeau and Bengio (2003) widen the variance of a mean of ``t``
    scores from ``1/t`` to ``1/t + test rows / training rows``, which is ``1/t + 1/(folds - 1)`` for ``folds`` folds.

    >>> estimate([0.70, 0.72, 0.74, 0.71, 0.73], folds=5)
    Estimate(mean=0.72, low=0.690551..., high=0.749448...)

    Raises:
        ValueError: if there is no score, or more than one per fold.
    """
    done = len(scores)
    if not 0 < done <= folds:
        message = f"{done} scores of {folds} folds make no estimate; give one score per finished fold."
        raise ValueError(message)
    mean = fmean(scores)
    if done < _FEWEST_SCORES:
        return Estimate(mean, None, None)
    standard_error = sqrt(variance(scores) * (1 / done + 1 / (folds - 1)))
    reach = float(stdtrit(done - 1, (1 + confidence) / 2)) * standard_error
    return Estimate(mean, mean - reach, mean + reach)
