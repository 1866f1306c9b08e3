"""What one fit said, as far as it is judged."""

from dataclasses import dataclass

from contracts.ids import CandidateId, FitId
from contracts.training import FitCompleted, FitFailed


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
    predictions: str | None = None
    """Key of what it answered on the rows kept out; None if that is not known."""
    cpu_seconds: float = 0.0
    pipeline_bytes: int | None = None
    """Size of the fitted pipeline, where it was measured."""
    answer_seconds: float | None = None
    """Wall time of answering one row, at the median, where it was measured."""
    slowest_seconds: float | None = None
    """The longest of these."""


def outcome_of(fact: FitCompleted | FitFailed, metric: str) -> Outcome:
    """Return what a fit said about ``metric``."""
    if isinstance(fact, FitFailed):
        return Outcome(fact.fit_id, fact.candidate, fact.fold, score=None, problem=f"{fact.reason}: {fact.detail}")
    return Outcome(
        fit_id=fact.fit_id,
        candidate=fact.candidate,
        fold=fact.fold,
        score=fact.scores.get(metric),
        seconds=fact.fit_seconds,
        predictions=fact.predictions,
        cpu_seconds=fact.cpu_seconds,
        pipeline_bytes=fact.pipeline_bytes,
        answer_seconds=fact.answer_seconds,
        slowest_seconds=fact.slowest_seconds,
    )
