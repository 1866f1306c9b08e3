"""Who cannot be told apart from the leader, from all folds so far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from ml.referee.boundary import one_look
from ml.referee.course import FEWEST_ROWS, Terms
from ml.referee.evidence import HEAVIEST, Evidence
from ml.referee.gap import Gap, tally_of


@dataclass(frozen=True)
class Judgment:
    """What can be said of the candidates that are still there."""

    leader: str
    margin: float
    gaps: Mapping[str, Gap]
    """Each other one beside the leader; without those of whom nothing can be said yet."""
    tied: frozenset[str]
    """Those of ``gaps`` that cannot be told apart from the leader."""
    errors: float
    """Standard errors that a gap must reach."""
    is_judged: bool
    """False as long as too few rows, or folds, have been seen for any claim."""


def judged(evidence: Sequence[Evidence], live: Sequence[str], terms: Terms) -> Judgment | None:
    """Return what can be said of those that race still; None before any fold that all of them have raced."""
    if not evidence or not set(live).issubset(evidence[-1].candidates) or not live:
        return None
    tally = tally_of(evidence, greater=terms.greater, among=live)
    leader, errors = tally.leader, one_look(terms.candidates)
    mean = tally.mean(leader)
    gaps = {name: tally.gap(name, leader, terms.splits) for name in tally.candidates if name != leader}
    known = {name: gap for name, gap in gaps.items() if gap is not None}
    by_folds = tally.covariance is None
    return Judgment(
        leader=leader,
        margin=terms.margin_at(mean if terms.greater else -mean),
        gaps=known,
        tied=frozenset(name for name, gap in known.items() if not gap.reaches(errors)),
        errors=errors,
        is_judged=len(known) == len(gaps) if by_folds else tally.units >= FEWEST_ROWS,
    )


def weight_of_few(evidence: Sequence[Evidence], candidate: str) -> float | None:
    """Return which share of what a candidate's score varies by is the work of its five heaviest rows; None if unknown.

    A score that hangs on few rows says little about the rows to come, whatever its interval says.
    """
    squares, largest = 0.0, []
    for fold in evidence:
        if fold.products is None or fold.heaviest is None or candidate not in fold.candidates:
            return None
        at = fold.candidates.index(candidate)
        squares += float(fold.products[at, at])
        largest.append(fold.heaviest[at].tolist())
    return sum(sorted(chain(*largest))[-HEAVIEST:]) / squares if squares else None
