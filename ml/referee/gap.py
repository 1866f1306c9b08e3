"""How far candidates are behind the one that leads, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf, sqrt

import numpy as np
from scipy.special import ndtr, stdtr, stdtrit

from ml.referee.evidence import Evidence, Numbers, shared

FEWEST_FOLDS = 3
"""From so many on, how scores vary from fold to fold counts beside what the rows say."""


@dataclass(frozen=True)
class Gap:
    """One candidate behind another on the folds that both have raced.

    The variance is that of a difference on new data: folds share training rows, so what the rows say is widened by the
    factor of Nadeau and Bengio (2003), which for ``t`` of ``k`` folds is ``1 + t / (k - 1)``.
    """

    against: str
    folds: int
    behind: float
    """Difference of the mean scores in the metric's own scale; below 0 it is ahead."""
    variance: float
    degrees: float
    """Of freedom of the variance."""
    units: int
    """Rows, or groups of rows, that it rests on; 0 where fold means are all there is."""

    def reaches(self, errors: float, plus: float = 0.0) -> bool:
        """Return whether ``behind + plus`` is more than so many standard errors of a normal variable from 0."""
        return self.behind + plus > self._quantile(errors) * sqrt(self.variance)

    def interval(self, confidence: float = 0.95) -> tuple[float, float]:
        """Return the ends between which the true difference is with this confidence."""
        reach = float(stdtrit(self.degrees, (1 + confidence) / 2)) * sqrt(self.variance)
        return self.behind - reach, self.behind + reach

    def shares(self, margin: float) -> tuple[float, float, float]:
        """Return the posterior shares of better by more than ``margin``, within it, and worse: they sum to 1.

        The posterior is a t-distribution around ``behind``, as in the Bayesian correlated t-test (Corani and Benavoli,
        2015), with the variance of the rows.

        >>> Gap("a", folds=5, behind=0.0, variance=1.0, degrees=1e9, units=1000).shares(margin=1.0)
        (0.158..., 0.682..., 0.158...)
        """
        better = self._below(-margin)
        worse = 1 - self._below(margin)
        return better, max(0.0, 1 - better - worse), worse

    def units_to_tell(self, errors: float) -> int | None:
        """Return about how many units, in all, would make the difference reach; None if none would."""
        if self.behind == 0 or not self.units:
            return None
        wanted = self.units * self.variance * (self._quantile(errors) / self.behind) ** 2
        return ceil(wanted) if wanted < inf else None

    def _quantile(self, errors: float) -> float:
        return float(stdtrit(self.degrees, ndtr(errors)))

    def _below(self, value: float) -> float:
        if self.variance == 0:
            return float(value >= self.behind)
        return float(stdtr(self.degrees, (value - self.behind) / sqrt(self.variance)))


@dataclass(frozen=True)
class Tally:
    """Folds so far of the candidates that have raced them all."""

    candidates: tuple[str, ...]
    scores: Numbers
    """(folds, C) greater is better, whatever the metric."""
    units: int
    covariance: Numbers | None
    """(C, C) of the mean scores, by the rows; None where they are not there."""

    @property
    def leader(self) -> str:
        """Return who has the best mean; among equals the first of the plan."""
        return self.candidates[int(self.scores.mean(axis=0).argmax())]

    def mean(self, candidate: str) -> float:
        """Return a candidate's mean score; greater is better."""
        return float(self.scores[:, self.candidates.index(candidate)].mean())

    def gap(self, candidate: str, leader: str, splits: int, *, corrected: bool = True) -> Gap | None:
        """Return how far ``candidate`` is behind ``leader``; None where it cannot be known.

        Args:
            candidate: who is behind.
            leader: whom it is compared with.
            splits: parts that the rows are split into.
            corrected: for training rows that folds share.
        """
        first, second = self.candidates.index(leader), self.candidates.index(candidate)
        differences = self.scores[:, first] - self.scores[:, second]
        folds = len(differences)
        between = float(differences.var(ddof=1)) / folds if folds >= FEWEST_FOLDS else None
        if self.covariance is None:
            if between is None:
                return None
            variance, degrees = between, float(folds - 1)
        else:
            of_rows = (
                self.covariance[first, first] + self.covariance[second, second] - 2 * self.covariance[first, second]
            )
            # The larger, since rows do not see how a learner varies from one fold's training rows to the next.
            variance, degrees = max(float(of_rows), between or 0.0, 0.0), float(max(self.units - folds, 2))
        if corrected:
            variance *= 1 + min(folds, splits) / (splits - 1)
        return Gap(leader, folds, float(differences.mean()), variance, degrees, self.units)


def tally_of(evidence: Sequence[Evidence], *, greater: bool, among: Sequence[str] | None = None) -> Tally:
    """Return what some folds say together of those that raced them all.

    Args:
        evidence: one for each fold; at least one.
        greater: whether a greater score is a better one.
        among: leave out all others; none if None.

    Raises:
        ValueError: if nobody has raced all of them.
    """
    names = tuple(name for name in shared(evidence) if among is None or name in among)
    if not names:
        message = "No candidate has raced all of these folds, so there is nothing to compare."
        raise ValueError(message)
    places = [np.array([fold.candidates.index(name) for name in names]) for fold in evidence]
    scores = np.array([fold.scores[at] for fold, at in zip(evidence, places, strict=True)])
    sums = [
        fold.products[np.ix_(at, at)] for fold, at in zip(evidence, places, strict=True) if fold.products is not None
    ]
    by_rows = len(sums) == len(evidence)
    rows = sum(fold.rows for fold in evidence)
    return Tally(
        candidates=names,
        scores=scores if greater else -scores,
        units=sum(fold.units for fold in evidence) if by_rows else 0,
        covariance=np.sum(sums, axis=0) / rows**2 if by_rows else None,
    )
