"""A race as far as it has come: what each fit said, and the facts that follow from all of them.

A board is computed anew from its outcomes, so the order in which they came leaves no trace in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contracts.evaluation import Leaderboard, LeaderboardUpdated
from contracts.ids import CandidateId, FitId
from contracts.plans import raced_folds
from contracts.training import ExperimentStarted, FitCompleted, FitFailed, RefitCandidate
from ml.metrics import greater_is_better
from services.evaluation.domain.ranking import Entrant, ranked
from services.evaluation.domain.standing import standing


@dataclass(frozen=True)
class Outcome:
    """What one fit said."""

    fit_id: FitId
    candidate: CandidateId
    fold: int
    score: float | None
    """The ranking metric; None if the fit failed, or the metric is not defined for it."""
    seconds: float = 0.0
    problem: str | None = None
    """Why it failed; None if it completed."""


def outcome_of(fact: FitCompleted | FitFailed, metric: str) -> Outcome:
    """Return what a fit said about ``metric``."""
    if isinstance(fact, FitFailed):
        return Outcome(fact.fit_id, fact.candidate, fact.fold, score=None, problem=f"{fact.reason}: {fact.detail}")
    return Outcome(fact.fit_id, fact.candidate, fact.fold, fact.scores.get(metric), fact.fit_seconds)


@dataclass(frozen=True)
class Board:
    """One experiment and the outcomes of its fits, each counted once."""

    started: ExperimentStarted
    outcomes: Sequence[Outcome]
    completed: bool = False
    """Whether training has said that the experiment is completed; a cancelled one never is, so it has no winner."""
    cancelled: bool = False

    @property
    def is_final(self) -> bool:
        """Return whether every fit of the plan has an outcome, or no more are made."""
        return self.cancelled or len(self.outcomes) >= self.started.fits

    def has(self, fit_id: FitId) -> bool:
        """Return whether this fit was counted."""
        return any(outcome.fit_id == fit_id for outcome in self.outcomes)

    def leaderboard(self) -> Leaderboard:
        """Return the standings now."""
        plan = self.started.plan
        greater = greater_is_better(plan.metric)
        return Leaderboard(
            experiment_id=self.started.experiment_id,
            metric=plan.metric,
            greater_is_better=greater,
            standings=tuple(standing(place, entrant) for place, entrant in ranked(self._entrants(), greater=greater)),
            fits_counted=len(self.outcomes),
            final=self.is_final,
            cancelled=self.cancelled,
            folds=raced_folds(plan),
        )

    def updated(self) -> LeaderboardUpdated:
        """Return the fact that the standings are these now."""
        return LeaderboardUpdated(**dict(self.leaderboard()))

    def refit(self) -> RefitCandidate | None:
        """Return the command to refit the winner; None while the race is on, or when nobody has a score."""
        if not (self.is_final and self.completed):
            return None
        winner = self.leaderboard().standings[0]
        if winner.place is None:
            return None
        return RefitCandidate(
            experiment_id=self.started.experiment_id,
            candidate=winner.candidate,
            plan_digest=self.started.plan_digest,
        )

    def _entrants(self) -> Iterable[Entrant]:
        plan = self.started.plan
        by_fold = sorted(self.outcomes, key=lambda outcome: outcome.fold)
        for candidate in plan.candidates:
            mine = [outcome for outcome in by_fold if outcome.candidate == candidate.id]
            failures = [outcome.problem for outcome in mine if outcome.problem is not None]
            yield Entrant(
                candidate=candidate,
                folds=raced_folds(plan),
                splits=plan.folds,
                scores={outcome.fold: outcome.score for outcome in mine if outcome.score is not None},
                lost=frozenset(outcome.fold for outcome in mine if outcome.score is None),
                failed=len(failures),
                problem=failures[0] if failures else None,
                fit_seconds=sum(outcome.seconds for outcome in mine),
            )
