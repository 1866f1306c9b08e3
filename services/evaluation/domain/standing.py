"""What the leaderboard says of one candidate."""

from contracts.evaluation import Standing, Verdict
from ml.statistics import estimate
from services.evaluation.domain.ranking import Entrant


def standing(place: int | None, entrant: Entrant, verdict: Verdict | None) -> Standing:
    """Return the candidate's row; its mean and interval are over all folds that it has scored."""
    folds = range(entrant.folds)
    scores = [entrant.scores[fold] for fold in folds if fold in entrant.scores]
    known = estimate(scores, entrant.splits) if scores else None
    return Standing(
        candidate=entrant.candidate.id,
        name=entrant.candidate.name,
        place=place,
        mean=known.mean if known else None,
        low=known.low if known else None,
        high=known.high if known else None,
        scores=tuple(entrant.scores.get(fold) for fold in folds),
        fit_seconds=entrant.fit_seconds,
        completed=len(entrant.scores) + len(entrant.lost) - entrant.failed,
        failed=entrant.failed,
        problem=entrant.problem,
        verdict=verdict,
        retired=entrant.retired,
        pipeline_bytes=entrant.first.pipeline_bytes if entrant.first else None,
        answer_seconds=entrant.first.answer_seconds if entrant.first else None,
        slowest_seconds=entrant.first.slowest_seconds if entrant.first else None,
    )
