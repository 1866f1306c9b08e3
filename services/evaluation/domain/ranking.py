"""Who stands before whom.

Candidates are compared on the folds that they share, never a partial mean with a full one:

1. First those with a score on every fold that has an outcome of theirs, by their mean over the folds that all of them
   have scored; once the race is over these are all folds. As long as they share none, by the mean of what each has.
2. Then those that lost a fold (a failed fit, or one without a defined score), by the mean of what they have.
3. Last, and without a place, those that have no score (yet).

Equal means share a place; among equals the plan's order decides, so the same fits give the same board.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from contracts.training import Candidate


@dataclass(frozen=True)
class Entrant:
    """One candidate, and how its fits have gone."""

    candidate: Candidate
    folds: int
    """Folds that it races on."""
    splits: int
    """Parts that the rows are split into; a budget of fits may pay for fewer folds."""
    scores: Mapping[int, float]
    """Fold to the ranking metric."""
    lost: frozenset[int]
    """Folds that have an outcome, but no score."""
    failed: int
    problem: str | None
    fit_seconds: float


def ranked(entrants: Iterable[Entrant], *, greater: bool) -> Iterator[tuple[int | None, Entrant]]:
    """Yield each entrant with its place, best first; ``greater`` says which way is better."""
    field = list(entrants)
    whole = [entrant for entrant in field if entrant.scores and not entrant.lost]
    torn = [entrant for entrant in field if entrant.scores and entrant.lost]
    yield from _placed(whole, _shared(whole), first=1, greater=greater)
    yield from _placed(torn, frozenset(), first=len(whole) + 1, greater=greater)
    yield from ((None, entrant) for entrant in field if not entrant.scores)


def _shared(entrants: Sequence[Entrant]) -> frozenset[int]:
    folds = [frozenset(entrant.scores) for entrant in entrants]
    return frozenset.intersection(*folds) if folds else frozenset()


def _placed(
    entrants: Sequence[Entrant], shared: frozenset[int], *, first: int, greater: bool
) -> Iterator[tuple[int, Entrant]]:
    means = {entrant.candidate.id: _mean(entrant, shared) for entrant in entrants}
    order = sorted(entrants, key=lambda entrant: means[entrant.candidate.id], reverse=greater)
    place, before = first, None
    for position, entrant in enumerate(order, start=first):
        mean = means[entrant.candidate.id]
        place = place if mean == before else position
        before = mean
        yield place, entrant


def _mean(entrant: Entrant, shared: frozenset[int]) -> float:
    return fmean(entrant.scores[fold] for fold in sorted(shared or entrant.scores))
