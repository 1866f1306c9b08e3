"""Rows for the referee, and races for who compares candidates, as a test wants them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from contracts.ids import CandidateId
from contracts.training import Candidate, ExperimentStarted, FitCompleted, Plan
from ml.referee.evidence import Numbers
from services.evaluation.domain.board import Board
from services.evaluation.domain.outcome import Outcome, outcome_of
from services.evaluation.ports import FoldRows
from tests.builders.messages import a_fit_completed, a_plan, an_experiment_started


class NoRows:
    """What candidates answered is gone."""

    def of(self, _plan: Plan, _fits: Sequence[Outcome]) -> None:
        """Return nothing."""


class HitsAround:
    """Rows of which each candidate gets a share right, each candidate others, and the same ones at every asking."""

    def __init__(self, rows: int) -> None:
        """Take how many rows each fold has."""
        self._rows = rows

    def of(self, _plan: Plan, fits: Sequence[Outcome]) -> FoldRows:
        """Return 1 for a hit and 0 for a miss; the mean is the fit's score, as near as whole rows allow."""
        return FoldRows({fit.candidate: self._hits(fit) for fit in fits}, groups=None)

    def _hits(self, fit: Outcome) -> Numbers:
        hits = np.zeros(self._rows)
        hits[: round((fit.score or 0.0) * self._rows)] = 1.0
        return np.random.default_rng(crc32(f"{fit.candidate} {fit.fold}".encode())).permutation(hits)


def noisy_rows(means: Mapping[str, float], rows: int, seed: int, noise: float = 1.0) -> dict[str, Numbers]:
    """Return row scores of each candidate around its mean, with noise of its own and as much that all share."""
    random = np.random.default_rng(seed)
    shared = random.normal(0.0, noise, rows)
    return {name: mean + shared + random.normal(0.0, noise, rows) for name, mean in means.items()}


@dataclass(frozen=True)
class Raced:
    """An experiment that is over, as a test wants its scores."""

    started: ExperimentStarted
    fits: Sequence[FitCompleted]

    @property
    def board(self) -> Board:
        """Return its board, without what the referee saw."""
        return Board(self.started, [outcome_of(fit, self.started.plan.metric) for fit in self.fits], completed=True)


def raced(scores: Mapping[str, Sequence[float | None]], experiment: str = "exp-1", **plan: object) -> Raced:
    """Return an experiment of these candidates, each with its scores by fold; 600 rows, unless ``plan`` says else."""
    fields: dict[str, object] = {
        "rows": 600,
        "folds": max(map(len, scores.values())),
        "candidates": tuple(Candidate(id=CandidateId(name), name=name.title()) for name in scores),
    }
    started = an_experiment_started(experiment_id=experiment, plan=a_plan(**fields | plan))
    metric = started.plan.metric
    fits = [
        a_fit_completed(name, fold, experiment_id=experiment, scores={metric: score})
        for name, of_each in scores.items()
        for fold, score in enumerate(of_each)
    ]
    return Raced(started, fits)
