"""Each two candidates of one dataset, fold beside fold."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isfinite
from statistics import fmean

from contracts.evaluation import PairCompared
from ml.comparisons import corrected_t, correlated_t, holm
from ml.metrics import greater_is_better
from services.evaluation.domain.errors import FoldsNotShared
from services.evaluation.domain.scored import Scored

_FEWEST_FOLDS = 3
"""Under three folds nothing shows how much a difference varies."""


def paired(field: Sequence[Scored], *, corrected: bool) -> tuple[PairCompared, ...]:
    """Return what both t-tests say of each pair, the best candidate with all others first.

    Args:
        field: the candidates, all with the same folds.
        corrected: whether p-values need Holm's correction.

    Raises:
        FoldsNotShared: if two have fewer than three folds in common.
    """
    race = field[0].race
    terms = _Terms(greater_is_better(race.plan.metric), race.margin, test_share=1 / race.plan.folds)
    # A mean over some of the folds never stands before one over more of them.
    order = sorted(field, key=lambda each: (-len(each.scores), -terms.sign * fmean(each.scores.values())))
    pairs = tuple(terms.pair(first, second) for first, second in combinations(order, 2))
    if not corrected:
        return pairs
    p_values = holm([pair.p_value for pair in pairs]).tolist()
    return tuple(pair.model_copy(update={"corrected": p}) for pair, p in zip(pairs, p_values, strict=True))


@dataclass(frozen=True)
class _Terms:
    """By what two candidates are compared."""

    greater: bool
    margin: float
    test_share: float

    @property
    def sign(self) -> int:
        """Return what turns a score so that greater is better, and a difference back into the metric's own scale."""
        return 1 if self.greater else -1

    def pair(self, first: Scored, second: Scored) -> PairCompared:
        shared = sorted(first.scores.keys() & second.scores.keys())
        if len(shared) < _FEWEST_FOLDS:
            raise FoldsNotShared(first.candidate, second.candidate, len(shared), _FEWEST_FOLDS)
        one, other = ([self.sign * each.scores[fold] for fold in shared] for each in (first, second))
        found = corrected_t(one, other, test_share=self.test_share)
        low, high = sorted((self.sign * found.low, self.sign * found.high))
        return PairCompared(
            first=first.candidate,
            second=second.candidate,
            folds=len(shared),
            difference=self.sign * found.mean,
            low=low,
            high=high,
            statistic=found.statistic if isfinite(found.statistic) else None,
            p_value=found.p_value,
            corrected=None,
            **vars(correlated_t(one, other, margin=self.margin, test_share=self.test_share)),
        )
