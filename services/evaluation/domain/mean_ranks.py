"""How candidates rank over several datasets, and which of their ranks differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import fmean

from contracts.evaluation import CandidateRank, PairCompared
from contracts.ids import CandidateId
from ml.comparisons import friedman, nemenyi
from ml.metrics import greater_is_better
from services.evaluation.domain.errors import FoldsNotShared
from services.evaluation.domain.scored import Scored


@dataclass(frozen=True)
class RankedOver:
    """What Friedman's test and Nemenyi's say."""

    ranks: tuple[CandidateRank, ...]
    """Best first."""
    pairs: tuple[PairCompared, ...]
    p_value: float
    """Friedman's."""
    critical_difference: float


def ranked_over_datasets(field: Sequence[Scored]) -> RankedOver:
    """Return how the candidates rank: each dataset counts once, by their means over the folds that all share there.

    Raises:
        FoldsNotShared: if they share none on some dataset.
        TooFewToRank: if there are too few datasets or candidates.
    """
    sign = 1 if greater_is_better(field[0].race.plan.metric) else -1
    tables = [_means(field, dataset) for dataset in dict.fromkeys(each.race.plan.dataset for each in field)]
    names = tuple(tables[0])
    ranking = friedman([[sign * means[name] for name in names] for means in tables])
    apart = nemenyi(ranking)
    order = sorted(range(len(names)), key=ranking.mean_ranks.__getitem__)
    return RankedOver(
        ranks=tuple(CandidateRank(candidate=names[place], mean_rank=ranking.mean_ranks[place]) for place in order),
        pairs=tuple(
            _pair(
                names[one],
                names[other],
                ranking.mean_ranks[one] - ranking.mean_ranks[other],
                float(apart.p_values[one, other]),
            )
            for one, other in combinations(order, 2)
        ),
        p_value=ranking.p_value,
        critical_difference=apart.critical_difference,
    )


def _means(field: Sequence[Scored], dataset: str) -> Mapping[CandidateId, float]:
    here = [each for each in field if each.race.plan.dataset == dataset]
    shared = sorted(frozenset.intersection(*(frozenset(each.scores) for each in here)))
    if not shared:
        raise FoldsNotShared(here[0].candidate, here[-1].candidate, 0, 1)
    return {each.candidate: fmean(each.scores[fold] for fold in shared) for each in here}


def _pair(first: CandidateId, second: CandidateId, difference: float, p_value: float) -> PairCompared:
    return PairCompared(
        first=first,
        second=second,
        folds=None,
        difference=difference,
        low=None,
        high=None,
        statistic=None,
        p_value=p_value,
        corrected=None,
        better=None,
        same=None,
        worse=None,
    )
