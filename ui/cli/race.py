"""One experiment as the terminal follows it: facts in, what there is to show out."""

from dataclasses import dataclass, field
from datetime import datetime

from contracts.evaluation import CandidateRetired, LeaderboardUpdated, Standing
from contracts.ids import CandidateId
from contracts.message import Message
from contracts.training import (
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
    FitStarted,
    ModelVersionCreated,
    RefitFailed,
)
from contracts.vigil import is_interrupted
from infra.bus import Delivered


@dataclass
class Race:
    """What is known about one experiment so far."""

    started: ExperimentStarted | None = None
    traceparent: str | None = None
    board: LeaderboardUpdated | None = None
    outcomes: dict[str, FitCompleted | FitFailed] = field(default_factory=dict)
    """Fits that are done, by id; also those that a candidate ran ahead of its retirement, which count no more."""
    in_hand: dict[str, tuple[CandidateId, int]] = field(default_factory=dict)
    """Worker to the candidate and fold in its hands."""
    began_at: datetime | None = None
    last_outcome_at: datetime | None = None
    """When it was said; a fit that an equal plan made before is said again, though it was made long ago."""
    final_at: datetime | None = None
    """When the leaderboard was final."""
    ended: ExperimentCompleted | ExperimentCancelled | None = None
    model: ModelVersionCreated | None = None
    refit_failed: RefitFailed | None = None
    interrupted: bool = False
    """Whether fits are owed and no worker is left to make them, when last looked."""

    def look(self, silent_for: float, now: datetime) -> None:
        """Find out whether it is interrupted: any worker's last sign of life came ``silent_for`` seconds ago."""
        if self.began_at is not None:
            owed = 0 if self.ended else self.fits - self.done
            self.interrupted = is_interrupted(owed, silent_for, (now - self.began_at).total_seconds())

    def hear(self, fact: Delivered) -> None:
        """Take in a fact or a sign of progress."""
        message = fact.message
        if isinstance(message, ExperimentStarted):
            self.started, self.traceparent, self.began_at = message, fact.envelope.traceparent, fact.envelope.time
        elif isinstance(message, FitStarted):
            self.in_hand[message.worker] = (message.candidate, message.fold)
        elif isinstance(message, CandidateRetired):
            self._drop(message)
        elif isinstance(message, FitCompleted | FitFailed):
            self._count(message, fact.envelope.time)
        elif isinstance(message, LeaderboardUpdated):
            self.board = message
            self.final_at = fact.envelope.time if message.final else None
        else:
            self._end(message)

    @property
    def fits(self) -> int:
        """Return how many fits have to be made, without those that retiring saves; 0 before the start."""
        saved = self.board.fits_saved if self.board else 0
        return self.started.fits - saved if self.started else 0

    @property
    def done(self) -> int:
        """Return how many of these fits have an outcome."""
        return len(self._counted())

    @property
    def failed(self) -> int:
        """Return how many of these fits failed."""
        return sum(isinstance(outcome, FitFailed) for outcome in self._counted())

    @property
    def leader(self) -> Standing | None:
        """Return the best candidate so far."""
        standings = self.board.standings if self.board else ()
        return next((standing for standing in standings if standing.place == 1), None)

    @property
    def trace_id(self) -> str | None:
        """Return the id of the trace that the whole experiment is."""
        return self.traceparent.split("-")[1] if self.traceparent else None

    @property
    def over(self) -> bool:
        """Return whether nothing more will come: the board is final, and the winner is refitted if there is one."""
        if self.ended is None or self.board is None or not self.board.final:
            return False
        if isinstance(self.ended, ExperimentCancelled):
            return True
        return self.ended.fits_completed == 0 or self.model is not None or self.refit_failed is not None

    def seconds_left(self) -> float | None:
        """Return how long the other fits will take at the pace so far; None while that is a guess."""
        if self.began_at is None or self.last_outcome_at is None:
            return None
        pace = (self.last_outcome_at - self.began_at).total_seconds() / len(self.outcomes)
        return pace * (self.fits - self.done)

    def _counted(self) -> list[FitCompleted | FitFailed]:
        standings = self.board.standings if self.board else ()
        ends = {each.candidate: each.retired for each in standings if each.retired is not None}
        return [each for each in self.outcomes.values() if each.fold < ends.get(each.candidate, each.fold + 1)]

    def _count(self, outcome: FitCompleted | FitFailed, said_at: datetime) -> None:
        if outcome.fit_id in self.outcomes:
            return
        self.outcomes[outcome.fit_id] = outcome
        self.last_outcome_at = said_at
        done = (outcome.candidate, outcome.fold)
        self.in_hand = {worker: fit for worker, fit in self.in_hand.items() if fit != done}

    def _drop(self, retired: CandidateRetired) -> None:
        """Forget what a worker has in hand for it, as nothing more is said of that."""
        self.in_hand = {
            worker: (candidate, fold)
            for worker, (candidate, fold) in self.in_hand.items()
            if candidate != retired.candidate or fold < retired.folds
        }

    def _end(self, message: Message) -> None:
        if isinstance(message, ExperimentCompleted | ExperimentCancelled):
            self.ended = message
            self.in_hand.clear()
        elif isinstance(message, ModelVersionCreated):
            self.model = message
        elif isinstance(message, RefitFailed):
            self.refit_failed = message
