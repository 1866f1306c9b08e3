"""What a race came to, read from its facts: the same for the same plan, whatever happened meanwhile."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from contracts.evaluation import LeaderboardUpdated, Standing
from contracts.message import Event
from contracts.training import (
    Candidate,
    ExperimentCompleted,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
    ModelVersionCreated,
)

EventT = TypeVar("EventT", bound=Event)
_DIFFERS = {"fit_seconds": 0.0, "pipeline_bytes": None, "answer_seconds": None, "slowest_seconds": None}
"""What differs from one run to the next."""


@dataclass(frozen=True)
class Result:
    """What must not differ from one run to the next; times do, and who did the work."""

    scores: Mapping[str, Mapping[str, float | None]]
    """By fit."""
    predictions: Mapping[str, str]
    """By fit: the key of its out-of-fold predictions, which is made from their digest."""
    standings: Sequence[Standing]
    winner: Candidate


def result_of(story: Sequence[Event]) -> Result:
    """Return what a completed experiment came to; fail if its story lacks anything, or tells it twice."""
    assert of(FitFailed, story) == []
    [started] = of(ExperimentStarted, story)
    fits = of(FitCompleted, story)
    assert [fit for fit, times in Counter(fact.fit_id for fact in fits).items() if times > 1] == []
    candidates, folds = started.plan.candidates, range(started.plan.folds)
    assert {(fact.candidate, fact.fold) for fact in fits} == {(each.id, fold) for each in candidates for fold in folds}
    [completed] = of(ExperimentCompleted, story)
    assert (completed.fits_completed, completed.fits_failed) == (started.fits, 0)
    boards = of(LeaderboardUpdated, story)
    assert [board.fits_counted for board in boards] == list(range(1, started.fits + 1))
    assert boards[-1].final
    [model] = of(ModelVersionCreated, story)
    return Result(
        scores={fact.fit_id: fact.scores for fact in fits},
        predictions={fact.fit_id: fact.predictions for fact in fits},
        standings=[standing.model_copy(update=_DIFFERS) for standing in boards[-1].standings],
        winner=model.candidate,
    )


def of(kind: type[EventT], story: Sequence[Event]) -> list[EventT]:
    """Return the facts of one kind, in order."""
    return [fact for fact in story if isinstance(fact, kind)]
