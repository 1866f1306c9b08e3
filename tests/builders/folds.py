"""Evidence of folds, made from rows that are drawn by a seed."""

from collections.abc import Mapping, Sequence

from ml.referee.course import RetiringRule, Terms
from ml.referee.evidence import Evidence, evidence_of
from tests.builders.judging import noisy_rows


def folds_around(
    means: Mapping[str, float], count: int, rows: int = 200, seed: int = 0, noise: float = 1.0
) -> list[Evidence]:
    """Return the evidence of ``count`` folds, on each of which every candidate scores around its mean."""
    told = [noisy_rows(means, rows, seed + fold * 1000, noise) for fold in range(count)]
    return [evidence_of({name: float(scores.mean()) for name, scores in fold.items()}, fold) for fold in told]


def terms(
    rule: RetiringRule | None = "careful",
    candidates: int = 3,
    folds: int = 10,
    margin: float | None = 0.05,
    *,
    greater: bool = True,
) -> Terms:
    """Return terms of a race by a metric that is a share."""
    return Terms("Accuracy", greater, splits=folds, folds=folds, candidates=candidates, rule=rule, margin=margin)


def without_rows(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the same folds as a metric tells them that is no mean over rows."""
    return [evidence_of(dict(zip(fold.candidates, fold.scores.tolist(), strict=True))) for fold in evidence]
