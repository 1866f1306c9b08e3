"""An experiment that ended elsewhere, from what was said of it there: taken in whole, or not at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.ids import CandidateId
from contracts.message import Event
from contracts.plans import digest_of, raced_folds
from contracts.training import (
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentImported,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
)
from services.training.domain.experiment import Ended, Experiment
from services.training.domain.file_errors import ExperimentKnown, FileInconsistent
from services.training.domain.fits import places_of

Outcome = FitCompleted | FitFailed
RETOLD: tuple[type[Event], ...] = (
    ExperimentStarted,
    FitCompleted,
    FitFailed,
    ExperimentCompleted,
    ExperimentCancelled,
)
"""The facts from which everything else follows: boards, runs in MLflow, model versions."""


@dataclass(frozen=True)
class Retold:
    """What is said again."""

    started: ExperimentStarted
    outcomes: Sequence[Outcome]
    ended: Ended
    facts: Sequence[Event]
    """All of it, in the order in which it was said."""

    @property
    def completed(self) -> list[FitCompleted]:
        """Return the fits that have scores."""
        return [fit for fit in self.outcomes if isinstance(fit, FitCompleted)]

    def imported(self, at: datetime, *, unchanged: bool) -> ExperimentImported:
        """Return the fact that it is known here."""
        return ExperimentImported(
            experiment_id=self.started.experiment_id,
            plan_digest=self.started.plan_digest,
            fits_completed=len(self.completed),
            fits_failed=len(self.outcomes) - len(self.completed),
            unchanged=unchanged,
            imported_at=at,
        )


def retold(experiment_id: str, told: Iterable[Event]) -> Retold:
    """Return what is to be said again of an experiment, of all facts that were ``told`` about it.

    Raises:
        FileInconsistent: if they do not make one whole experiment.
    """
    facts = [fact for fact in told if isinstance(fact, RETOLD)]
    if any(fact.key != experiment_id for fact in facts):
        raise FileInconsistent("some of its facts are about another experiment")
    starts = [fact for fact in facts if isinstance(fact, ExperimentStarted)]
    ends = [fact for fact in facts if isinstance(fact, Ended)]
    if len(starts) != 1 or facts[0] is not starts[0]:
        raise FileInconsistent("it does not begin with one start")
    if len(ends) != 1:
        raise FileInconsistent("it does not say how the experiment ended, or says it twice")
    story = Retold(starts[0], [fact for fact in facts if isinstance(fact, Outcome)], ends[0], facts)
    _check_plan(story)
    _check_outcomes(story)
    return story


def is_known(story: Retold, known: Experiment | None) -> bool:
    """Return whether this platform has this very experiment already, to its end.

    Raises:
        ExperimentKnown: if it has another one under this id.
    """
    if known is None:
        return False
    if known.started != story.started or known.ended not in {None, story.ended}:
        raise ExperimentKnown(known.id)
    return known.ended is not None


def _check_plan(story: Retold) -> None:
    started = story.started
    if digest_of(started.plan) != started.plan_digest:
        raise FileInconsistent("its plan is not the one that its digest names")
    if started.fits != len(places_of(started.plan)):
        raise FileInconsistent("it counts other fits than its plan has")
    if started.plan.data != f"datasets/{started.plan.data_digest}.parquet":
        raise FileInconsistent("its rows are not where its plan has them")


def _check_outcomes(story: Retold) -> None:
    plan, seen = story.started.plan, set[tuple[CandidateId, int]]()
    candidates = {candidate.id for candidate in plan.candidates}
    for fit in story.outcomes:
        place = (fit.candidate, fit.fold)
        is_planned = fit.candidate in candidates and fit.fold in range(raced_folds(plan))
        if fit.plan_digest != story.started.plan_digest or not is_planned:
            raise FileInconsistent(f"the fit of {fit.candidate} on fold {fit.fold} is not of its plan")
        if place in seen:
            raise FileInconsistent(f"the fit of {fit.candidate} on fold {fit.fold} has two outcomes")
        seen.add(place)
    if not _is_counted(story):
        raise FileInconsistent("it has other fits than its end counts")


def _is_counted(story: Retold) -> bool:
    """Return whether the end counts the outcomes that there are."""
    succeeded = len(story.completed)
    there = (succeeded, len(story.outcomes) - succeeded)
    counted = (story.ended.fits_completed, story.ended.fits_failed)
    if isinstance(story.ended, ExperimentCancelled):
        return True  # a fit that was in hand then may have come to an outcome later
    if story.started.plan.rule is not None:
        # So may one of a candidate that was retired, for which the experiment did not wait.
        return all(fewer <= more for fewer, more in zip(counted, there, strict=True))
    return counted == there
