"""One experiment as it is raced, from its facts."""

from typing import NamedTuple

from contracts.evaluation import CandidateRetired, LeaderboardUpdated
from contracts.message import Event
from contracts.plans import raced_folds
from contracts.training import (
    CandidateRecorded,
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
    FitStarted,
    ModelVersionCreated,
    ModelVersionRecorded,
    RefitFailed,
)
from contracts.vigil import is_interrupted
from ui.web.projections.activity import Activity
from ui.web.projections.board import Board
from ui.web.projections.rows import Row, milliseconds


class Outcome(NamedTuple):
    """What is remembered of a fit that is done."""

    candidate: str
    fold: int
    succeeded: bool


class Race:
    """What is known of one experiment: its plan, its fits, its board, and what came of it."""

    def __init__(self, started: ExperimentStarted) -> None:
        self.id = str(started.experiment_id)
        self.plan = started.plan
        self.model: ModelVersionCreated | None = None
        self._started = started
        self._status = "running"
        self._interrupted = False
        self._ended: int | None = None
        self._last = milliseconds(started.started_at)
        self._outcomes: dict[str, Outcome] = {}
        self._runs: dict[str, str] = {}
        self._registered: Row | None = None
        self._refit_problem: str | None = None
        self._board = Board(started.plan)
        self._activity = Activity({candidate.id: candidate.name for candidate in started.plan.candidates})
        self._activity.started(started)

    def apply(self, message: Event | FitStarted) -> None:
        """Take in a fact of this experiment, or the sign that a fit runs."""
        match message:
            case FitStarted() if self._status == "running":
                self._board.begin(message)
            case FitCompleted() | FitFailed():
                self._count(message)
            case CandidateRetired():
                self._board.drop(message)
                self._activity.retired(message, self._last)
            case ExperimentCompleted():
                self._end("completed" if message.fits_completed else "failed", milliseconds(message.completed_at))
                self._activity.completed(message)
            case ExperimentCancelled():
                self._end("cancelled", milliseconds(message.cancelled_at))
                self._activity.cancelled(message)
            case ModelVersionCreated():
                self.model = message
                self._activity.model_created(message)
            case CandidateRecorded():
                self._runs[message.candidate] = message.run_id
            case ModelVersionRecorded():
                self._registered = {"name": message.registered_name, "version": message.registered_version}
            case RefitFailed():
                self._refit_problem = message.cause
                self._activity.refit_failed(message, self._last)

    def look(self, silent_for: float, now: int) -> bool:
        """Find out whether it is interrupted at ``now``; return whether that is new.

        Any worker's last sign of life came ``silent_for`` seconds ago.
        """
        owed = self._fits() - len(self._counted()) if self._status == "running" else 0
        before = self._interrupted
        self._interrupted = is_interrupted(owed, silent_for, (now - milliseconds(self._started.started_at)) / 1000)
        return self._interrupted != before

    def rank(self, update: LeaderboardUpdated, at: int) -> None:
        """Take in the standings that evaluation stated at ``at``."""
        leader = self._board.rank(update, at - milliseconds(self._started.started_at))
        if leader is not None:
            self._activity.led(leader, at)

    def summary(self) -> Row:
        """Return this experiment's row in the list."""
        counted = self._counted()
        return {
            "id": self.id,
            "dataset": self.plan.dataset,
            "target": self.plan.target,
            "task": self.plan.task,
            "engine": self.plan.engine,
            "metric": self.plan.metric,
            "status": self._status,
            "interrupted": self._interrupted,
            "candidates": [candidate.id for candidate in self.plan.candidates],
            "folds": raced_folds(self.plan),
            "fits": self._fits(),
            "saved": self._board.saved,
            "done": len(counted),
            "failed": sum(not outcome.succeeded for outcome in counted),
            "leader": self._board.leader(),
            "model_version": self.model.model_version_id if self.model else None,
            "started": milliseconds(self._started.started_at),
            "ended": self._ended,
        }

    def detail(self) -> Row:
        """Return all that the race page shows."""
        return {
            **self.summary(),
            **self._board.detail(ended=self._status != "running"),
            "seed": self.plan.seed,
            "rows": self.plan.rows,
            "dataset_version": self.plan.dataset_version,
            "plan_digest": self._started.plan_digest,
            "warnings": list(self._started.warnings),
            "last": self._last,
            "runs": self._runs,
            "registered": self._registered,
            "refit_problem": self._refit_problem,
            "activity": self._activity.latest(),
        }

    def _fits(self) -> int:
        return self._started.fits - self._board.saved

    def _counted(self) -> list[Outcome]:
        return [each for each in self._outcomes.values() if self._board.counts(each.candidate, each.fold)]

    def _count(self, fit: FitCompleted | FitFailed) -> None:
        if fit.fit_id in self._outcomes:
            return
        self._outcomes[fit.fit_id] = Outcome(fit.candidate, fit.fold, isinstance(fit, FitCompleted))
        self._last = max(self._last, milliseconds(fit.completed_at))
        self._board.finish(fit)
        self._activity.fitted(fit, self.plan.metric)

    def _end(self, status: str, at: int) -> None:
        self._status = status
        self._interrupted = False
        self._ended = at
        self._board.rest()
