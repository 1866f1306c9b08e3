"""What happened in one experiment, in words, the latest first."""

from collections import deque

from contracts.evaluation import CandidateRetired, Standing
from contracts.plans import raced_folds
from contracts.training import (
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
    ModelVersionCreated,
    RefitFailed,
)
from ui.web.projections.rows import Row, milliseconds

KEPT = 60


class Activity:
    """The last happenings of one experiment."""

    def __init__(self, names: dict[str, str]) -> None:
        """``names`` are what people call the candidates."""
        self._names = {str(key): name for key, name in names.items()}
        self._entries: deque[Row] = deque(maxlen=KEPT)

    def latest(self) -> list[Row]:
        """Return the entries, the latest first."""
        return list(reversed(self._entries))

    def started(self, fact: ExperimentStarted) -> None:
        """Tell that the race began."""
        plan = fact.plan
        text = f"Race started: {len(plan.candidates)} candidates on {raced_folds(plan)} folds of {plan.dataset}"
        self._say(milliseconds(fact.started_at), "note", text)

    def fitted(self, fact: FitCompleted | FitFailed, metric: str) -> None:
        """Tell the outcome of one fit."""
        name = self._names.get(fact.candidate, fact.candidate)
        at = milliseconds(fact.completed_at)
        if isinstance(fact, FitFailed):
            self._say(at, "bad", f"{name} failed on fold {fact.fold + 1}: {fact.detail or fact.reason}")
            return
        score = fact.scores.get(metric)
        told = "no score" if score is None else f"{score:.4f}"
        self._say(at, "ok", f"{name}, fold {fact.fold + 1}: {told} in {fact.fit_seconds:.1f} s")

    def led(self, standing: Standing, at: int) -> None:
        """Tell that a candidate took the first place."""
        mean = "" if standing.mean is None else f" at {standing.mean:.4f}"
        self._say(at, "lead", f"{standing.name} takes the first place{mean}")

    def retired(self, fact: CandidateRetired, at: int) -> None:
        """Tell that a candidate races no more, and why."""
        name = self._names.get(fact.candidate, fact.candidate)
        self._say(at, "note", f"{name} is retired. {fact.verdict.said}")

    def completed(self, fact: ExperimentCompleted) -> None:
        """Tell that every fit has its outcome."""
        at = milliseconds(fact.completed_at)
        if not fact.fits_completed:
            self._say(at, "bad", f"Race failed: not one of {fact.fits_failed} fits succeeded")
            return
        failed = f", {fact.fits_failed} failed" if fact.fits_failed else ""
        self._say(at, "note", f"Race completed: {fact.fits_completed} fits{failed}")

    def cancelled(self, fact: ExperimentCancelled) -> None:
        """Tell that a person ended the race."""
        text = f"Race cancelled after {fact.fits_completed + fact.fits_failed} fits; what was scored stays"
        self._say(milliseconds(fact.cancelled_at), "bad", text)

    def model_created(self, fact: ModelVersionCreated) -> None:
        """Tell that a candidate was refitted."""
        text = f"{fact.candidate.name} refitted on all rows: a model version is ready to deploy"
        self._say(milliseconds(fact.created_at), "lead", text)

    def refit_failed(self, fact: RefitFailed, at: int) -> None:
        """Tell why there is no model version."""
        name = self._names.get(fact.candidate, fact.candidate)
        self._say(at, "bad", f"{name} could not be refitted: {fact.cause}")

    def _say(self, at: int, tone: str, text: str) -> None:
        self._entries.append({"at": at, "tone": tone, "text": text})
