"""Who stands before whom.

Candidates are compared on the folds that they share, never a partial mean with a full one:

1. First those with a score on every fold that has an outcome of theirs, by their mean over the folds that all of them
   have scored; once the race is over these are all folds. As long as they share none, by the mean of what each has.
2. Then those that lost a fold (a failed fit, or one without a defined score), by the mean of what they have.
3. Then those that were retired: who stayed longer stands before, and who was nearer to the one that it was compared
   with.
4. Last, and without a place, those that have no score (yet).

Equal means share a place, and so do those that cannot be told apart from the winner; among equals the plan's order
decides, so the same fits give the same board.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from contracts.training import Candidate
from services.evaluation.domain.outcome import Outcome


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
    retired: int | None = None
    """After how many folds it was retired."""
    behind: float = 0.0
    """How far it was then behind the one that it was compared with."""
    first: Outcome | None = None
    """Its fit of the first fold, of which its costs were measured."""


def ranked(
    entrants: Iterable[Entrant], *, greater: bool, tied: Collection[str] = ()
) -> Iterator[tuple[int | None, Entrant]]:
    """Yield each entrant with its place, best first.

    Args:
        entrants: in the plan's order.
        greater: whether a greater score is better.
        tied: who shares the first place, once that is decided.
    """
    field = list(entrants)
    live = [entrant for entrant in field if entrant.scores and entrant.retired is None]
    whole = [entrant for entrant in live if not entrant.lost]
    torn = [entrant for entrant in live if entrant.lost]
    gone = [entrant for entrant in field if entrant.scores and entrant.retired is not None]
    for place, entrant in _placed(whole, _shared(whole), first=1, greater=greater):
        yield 1 if entrant.candidate.id in tied else place, entrant
    yield from _placed(torn, frozenset(), first=len(whole) + 1, greater=greater)
    yield from enumerate(sorted(gone, key=_longest), start=len(whole) + len(torn) + 1)
    yield from ((None, entrant) for entrant in field if not entrant.scores)


def _longest(entrant: Entrant) -> tuple[int, float]:
    return -(entrant.retired or 0), entrant.behind


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
