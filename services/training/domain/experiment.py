"""An experiment on its way: which fits it still owes, and whether it has ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from types import MappingProxyType

from contracts.ids import CandidateId, ExperimentId, ModelVersionId
from contracts.plans import raced_folds
from contracts.training import (
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentStarted,
    ExperimentStatus,
    ExperimentSummary,
    PerformFit,
)
from contracts.vigil import is_interrupted
from services.training.domain.fits import fits_of

Ended = ExperimentCompleted | ExperimentCancelled


@dataclass(frozen=True)
class Experiment:
    """What is known of one experiment."""

    started: ExperimentStarted
    dispatched: int = 0
    """Places of the plan's order that are behind it: each fit there was handed out, or owed no more."""
    completed: int = 0
    failed: int = 0
    retired: Mapping[CandidateId, int] = field(default_factory=lambda: MappingProxyType({}))
    """After how many folds each retired candidate was retired: from then on its fits are owed no more."""
    beyond: int = 0
    """Outcomes of fits that are owed no more, since a worker ran ahead; ``completed`` and ``failed`` count them too."""
    ended: Ended | None = None
    model_version_id: ModelVersionId | None = None

    @property
    def id(self) -> ExperimentId:
        """Return the experiment's id."""
        return self.started.experiment_id

    @property
    def status(self) -> ExperimentStatus:
        """Return how the experiment stands."""
        if self.ended is None:
            return "running"
        if isinstance(self.ended, ExperimentCancelled):
            return "cancelled"
        return "completed" if self.ended.fits_completed else "failed"

    @property
    def owed(self) -> int:
        """Return how many fits it owes in all: those of its plan, but for those of candidates that are retired."""
        return self._owed_before(self.started.fits)

    @property
    def settled(self) -> int:
        """Return how many of the fits that it owes have completed or failed."""
        return self.completed + self.failed - self.beyond

    @property
    def has_every_outcome(self) -> bool:
        """Return whether each fit that it owes has completed or failed."""
        return self.settled >= self.owed

    def owes(self, candidate: CandidateId, fold: int) -> bool:
        """Return whether the fit of a candidate on a fold of the plan is owed."""
        return fold < self.retired.get(candidate, self.started.plan.folds)

    def next_places(self, ahead: int) -> Sequence[int]:
        """Return the places to hand out now, so that ``ahead`` owed fits are without an outcome; none once ended."""
        if self.ended is not None:
            return []
        waiting = self._owed_before(self.dispatched) - self.settled
        owed = filter(self._owes_at, range(self.dispatched, self.started.fits))
        return list(islice(owed, max(ahead - waiting, 0)))

    def fits_at(self, places: Sequence[int]) -> Sequence[PerformFit]:
        """Return the fits at some places of its plan."""
        return fits_of(self.id, self.started.plan, self.started.plan_digest, places)

    def complete(self, at: datetime) -> ExperimentCompleted:
        """Return the fact that it ended by itself."""
        return ExperimentCompleted(
            experiment_id=self.id, fits_completed=self.completed, fits_failed=self.failed, completed_at=at
        )

    def cancel(self, at: datetime) -> ExperimentCancelled:
        """Return the fact that a person ended it."""
        return ExperimentCancelled(
            experiment_id=self.id, fits_completed=self.completed, fits_failed=self.failed, cancelled_at=at
        )

    def is_interrupted(self, silent_for: float, now: datetime) -> bool:
        """Return whether it owes fits and no worker is left, the last sign of any having come ``silent_for`` s ago."""
        owed = 0 if self.ended else self.owed - self.settled
        return is_interrupted(owed, silent_for, (now - self.started.started_at).total_seconds())

    def summary(self, silent_for: float, now: datetime) -> ExperimentSummary:
        """Return what a list of experiments says of it at ``now``; see ``is_interrupted``."""
        plan = self.started.plan
        return ExperimentSummary(
            experiment_id=self.id,
            dataset=plan.dataset,
            target=plan.target,
            task=plan.task,
            engine=plan.engine,
            status=self.status,
            candidates=len(plan.candidates),
            folds=raced_folds(plan),
            fits=self._fits_in_all(),
            fits_completed=self.completed,
            fits_failed=self.failed,
            model_version_id=self.model_version_id,
            started_at=self.started.started_at,
            ended_at=_moment(self.ended),
            interrupted=self.is_interrupted(silent_for, now),
            dataset_version=plan.dataset_version,
        )

    def _fits_in_all(self) -> int:
        """Return how many fits it comes to, those beyond too, so that its outcomes are all of them in the end."""
        if isinstance(self.ended, ExperimentCompleted):
            # One that was taken in may not know yet who was retired, but its end counts what there was.
            return max(self.ended.fits_completed + self.ended.fits_failed, self.completed + self.failed)
        return self.owed + self.beyond

    def _owes_at(self, place: int) -> bool:
        candidates = self.started.plan.candidates
        return self.owes(candidates[place % len(candidates)].id, place // len(candidates))

    def _owed_before(self, stop: int) -> int:
        """Return at how many places before ``stop`` a fit is owed."""
        candidates = self.started.plan.candidates
        count = len(candidates)
        return stop - sum(
            len(range(self.retired[candidate.id] * count + column, stop, count))
            for column, candidate in enumerate(candidates)
            if candidate.id in self.retired
        )


def _moment(ended: Ended | None) -> datetime | None:
    if ended is None:
        return None
    return ended.completed_at if isinstance(ended, ExperimentCompleted) else ended.cancelled_at
