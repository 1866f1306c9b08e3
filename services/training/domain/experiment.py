"""An experiment on its way: which fits it still owes, and whether it has ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contracts.ids import ExperimentId, ModelVersionId
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
    """Fits handed out so far, in the plan's order."""
    completed: int = 0
    failed: int = 0
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
    def has_every_outcome(self) -> bool:
        """Return whether each fit of the plan has completed or failed."""
        return self.completed + self.failed >= self.started.fits

    def next_fits(self, ahead: int) -> Sequence[PerformFit]:
        """Return the fits to hand out now, so that ``ahead`` of them are without an outcome; none once ended."""
        if self.ended is not None:
            return []
        stop = self.completed + self.failed + ahead
        return fits_of(self.id, self.started.plan, self.started.plan_digest, self.dispatched, stop)

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
        owed = 0 if self.ended else self.started.fits - self.completed - self.failed
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
            fits=self.started.fits,
            fits_completed=self.completed,
            fits_failed=self.failed,
            model_version_id=self.model_version_id,
            started_at=self.started.started_at,
            ended_at=_moment(self.ended),
            interrupted=self.is_interrupted(silent_for, now),
        )


def _moment(ended: Ended | None) -> datetime | None:
    if ended is None:
        return None
    return ended.completed_at if isinstance(ended, ExperimentCompleted) else ended.cancelled_at
