"""Who was retired after which fold: from the evidence of the folds alone, so it is the same whoever was first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ml.margins import margin_of
from ml.referee.boundary import all_looks
from ml.referee.evidence import Evidence
from ml.referee.gap import Gap, tally_of

RetiringRule = Literal["strict", "careful", "fast"]

FEWEST_ROWS = 100
"""Under so many rows, or groups of rows, nothing is said of anybody."""


@dataclass(frozen=True)
class Terms:
    """By what a race is judged; all of it is in the plan."""

    metric: str
    greater: bool
    """Whether a greater score is a better one."""
    splits: int
    """Parts that the rows are split into."""
    folds: int
    """How many of them are raced."""
    candidates: int
    """How many there were at the start."""
    rule: RetiringRule | None
    """None if nobody is retired."""
    margin: float | None = None
    """The difference that is the same for practice, in the metric's own scale; what suits the metric if None."""

    def margin_at(self, score: float) -> float:
        """Return the margin beside a leader with this score."""
        return margin_of(self.metric, score) if self.margin is None else self.margin


@dataclass(frozen=True)
class Retirement:
    """Why a candidate races no more."""

    folds: int
    """It has raced so many, the first ones."""
    is_beaten: bool
    """Whether it is worse; or else it is at most the margin better."""
    margin: float
    gap: Gap
    """With a variance that is corrected, by whatever rule it was retired."""


@dataclass(frozen=True)
class Course:
    """How a race has gone."""

    live: tuple[str, ...]
    """Who races still, in the plan's order."""
    retired: Mapping[str, Retirement]


def course(evidence: Sequence[Evidence], terms: Terms) -> Course:
    """Return who is retired by the folds that have been raced.

    It looks after each fold but the last. A candidate is retired once it is surely worse than the one that leads then;
    and by ``careful`` and ``fast`` also once it is surely not better by more than the margin. Who has been such a
    leader is retired in the first way only, so that margins do not add up along a chain of leaders.

    Args:
        evidence: of the folds that every live candidate has raced, or failed on, in the plan's order.
        terms: by what it is judged.
    """
    live = evidence[0].candidates if evidence else ()
    retired: dict[str, Retirement] = {}
    pinned: set[str] = set()
    for folds in range(1, len(evidence) + 1):
        live = tuple(name for name in live if name in evidence[folds - 1].candidates and name not in retired)
        if terms.rule is None or folds >= terms.folds or len(live) < 2:
            continue
        found = _look(evidence[:folds], live, terms, pinned)
        retired |= found
        pinned |= {end.gap.against for end in found.values() if not end.is_beaten}
        live = tuple(name for name in live if name not in found)
    return Course(live, retired)


def _look(evidence: Sequence[Evidence], live: Sequence[str], terms: Terms, pinned: set[str]) -> dict[str, Retirement]:
    tally = tally_of(evidence, greater=terms.greater, among=live)
    if tally.units < FEWEST_ROWS:
        return {}
    leader = tally.leader
    mean = tally.mean(leader)
    margin = terms.margin_at(mean if terms.greater else -mean)
    errors = all_looks(terms.candidates, terms.folds)
    found = {}
    for name in tally.candidates:
        told = tally.gap(name, leader, terms.splits, corrected=terms.rule != "fast")
        known = tally.gap(name, leader, terms.splits)
        if name == leader or told is None or known is None:
            continue
        is_beaten = told.reaches(errors)
        if is_beaten or (terms.rule != "strict" and name not in pinned and told.reaches(errors, plus=margin)):
            found[name] = Retirement(len(evidence), is_beaten, margin, known)
    return found
