"""A race as far as it has come: what each fit said, and the facts that follow from all of them.

A board is computed anew from its outcomes and from the evidence of its folds, so the order in which they came leaves no
trace in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from contracts.evaluation import CandidateRetired, Leaderboard, LeaderboardUpdated
from contracts.ids import CandidateId, FitId
from contracts.plans import raced_folds
from contracts.training import Candidate, ExperimentStarted, RefitCandidate
from ml.metrics import greater_is_better
from ml.referee.evidence import Evidence
from services.evaluation.domain.judgment import Ruling, ruling
from services.evaluation.domain.notes import notes_of
from services.evaluation.domain.outcome import Outcome
from services.evaluation.domain.ranking import Entrant, ranked
from services.evaluation.domain.savings import cpu_saved, fastest
from services.evaluation.domain.standing import standing


@dataclass(frozen=True)
class Board:
    """One experiment, the outcomes of its fits, each once, and what the referee has seen."""

    started: ExperimentStarted
    outcomes: Sequence[Outcome]
    completed: bool = False
    """Whether training has said that the experiment is completed; a cancelled one never is, so it has no winner."""
    cancelled: bool = False
    evidence: Sequence[Evidence] = field(default=())
    """Of the first folds, as far as all candidates that race still have raced them."""

    @property
    def is_final(self) -> bool:
        """Return whether every fit that is owed has an outcome, or no more are made."""
        return self.cancelled or len(self._counted) >= self.started.fits - self.fits_saved

    @property
    def fits_saved(self) -> int:
        """Return how many fits of the plan need not be made, since their candidate is retired."""
        return sum(self._folds - folds for folds in self._retired.values())

    def has(self, fit_id: FitId) -> bool:
        """Return whether this fit was heard of."""
        return any(outcome.fit_id == fit_id for outcome in self.outcomes)

    def counts(self, outcome: Outcome) -> bool:
        """Return whether an outcome is part of the standings, and no work that a worker did ahead in vain."""
        return outcome.fold < self._retired.get(outcome.candidate, self._folds)

    def next_fold(self) -> Sequence[Outcome] | None:
        """Return the fits of the fold to look at next that have a score; None if one of them is not there yet.

        Only when every candidate that races still has an outcome there is it looked at, whoever was first.
        """
        fold = len(self.evidence)
        live = self._live
        mine = {outcome.candidate: outcome for outcome in self.outcomes if outcome.fold == fold}
        if self.cancelled or fold >= self._folds or not live or not live <= mine.keys():
            return None
        raced = [mine[candidate.id] for candidate in self.started.plan.candidates if candidate.id in live]
        return [outcome for outcome in raced if outcome.score is not None] or None

    def retired_last(self) -> Sequence[CandidateRetired]:
        """Return the facts that candidates were retired by the last fold that was looked at."""
        last = len(self.evidence)
        return [
            CandidateRetired(
                experiment_id=self.started.experiment_id,
                candidate=candidate,
                folds=folds,
                fits_saved=self._folds - folds,
                verdict=self._ruling.verdicts[candidate],
            )
            for candidate, folds in self._retired.items()
            if folds == last
        ]

    def leaderboard(self) -> Leaderboard:
        """Return the standings now."""
        plan, said = self.started.plan, self._ruling
        greater = greater_is_better(plan.metric)
        places = ranked(self._entrants(), greater=greater, tied=said.tied)
        return Leaderboard(
            experiment_id=self.started.experiment_id,
            metric=plan.metric,
            greater_is_better=greater,
            standings=tuple(standing(place, one, said.verdicts.get(one.candidate.id)) for place, one in places),
            fits_counted=len(self._counted),
            final=self.is_final,
            cancelled=self.cancelled,
            folds=self._folds,
            rule=plan.rule,
            margin=said.margin,
            fits_saved=self.fits_saved,
            cpu_saved=cpu_saved(self.outcomes, self._retired, self._folds),
            suggested=fastest(self.outcomes, said.tied) if len(said.tied) > 1 else None,
            notes=notes_of(plan, self.evidence, said),
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

    @cached_property
    def _ruling(self) -> Ruling:
        return ruling(self.started.plan, self.evidence, is_final=len(self.evidence) >= self._folds)

    @property
    def _folds(self) -> int:
        return raced_folds(self.started.plan)

    @cached_property
    def _retired(self) -> dict[CandidateId, int]:
        return {CandidateId(name): end.folds for name, end in self._ruling.course.retired.items()}

    @property
    def _live(self) -> set[CandidateId]:
        if not self.evidence:
            return {candidate.id for candidate in self.started.plan.candidates}
        return {CandidateId(name) for name in self._ruling.course.live}

    @cached_property
    def _counted(self) -> Sequence[Outcome]:
        return [outcome for outcome in self.outcomes if self.counts(outcome)]

    def _entrants(self) -> Iterator[Entrant]:
        by_fold = sorted(self._counted, key=lambda outcome: outcome.fold)
        for candidate in self.started.plan.candidates:
            yield self._entrant(candidate, [outcome for outcome in by_fold if outcome.candidate == candidate.id])

    def _entrant(self, candidate: Candidate, mine: Sequence[Outcome]) -> Entrant:
        failures = [outcome.problem for outcome in mine if outcome.problem is not None]
        end = self._ruling.course.retired.get(candidate.id)
        return Entrant(
            candidate=candidate,
            folds=self._folds,
            splits=self.started.plan.folds,
            scores={outcome.fold: outcome.score for outcome in mine if outcome.score is not None},
            lost=frozenset(outcome.fold for outcome in mine if outcome.score is None),
            failed=len(failures),
            problem=failures[0] if failures else None,
            fit_seconds=sum(outcome.seconds for outcome in mine),
            retired=end.folds if end else None,
            behind=end.gap.behind if end else 0.0,
            first=next((outcome for outcome in mine if outcome.fold == 0), None),
        )
