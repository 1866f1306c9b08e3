"""A long history: the facts of race after race, as large and as various as real ones."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from uuid import UUID

from contracts.evaluation import LeaderboardUpdated, Standing
from contracts.ids import CandidateId, ExperimentId, FitId
from contracts.training import FitCompleted
from infra.bus import Envelope
from infra.bus.envelope import Outgoing, Sealer

CANDIDATES = {
    "lr": "Logistic Regression",
    "knn": "K Neighbors Classifier",
    "nb": "Naive Bayes",
    "dt": "Decision Tree Classifier",
    "ridge": "Ridge Classifier",
    "rf": "Random Forest Classifier",
    "qda": "Quadratic Discriminant Analysis",
    "ada": "Ada Boost Classifier",
    "gbc": "Gradient Boosting Classifier",
    "lda": "Linear Discriminant Analysis",
    "et": "Extra Trees Classifier",
    "dummy": "Dummy Classifier",
}
FOLDS = 5
METRICS = ("Accuracy", "AUC", "Recall", "Precision", "F1", "Kappa", "MCC")


def history(seed: int) -> Iterator[Outgoing]:
    """Yield, for ever, two facts of each fit, sealed: what came of it, and the board after it."""
    random = Random(seed)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    worker, evaluation = Sealer("training-worker-1", lambda: now), Sealer("evaluation", lambda: now)
    for _race in count():
        experiment = ExperimentId(f"exp-{random.randbytes(6).hex()}")
        plan, root = random.randbytes(32).hex(), _trace(random)
        standings = _unraced()
        for fold in range(FOLDS):
            for candidate in CANDIDATES:
                now += timedelta(microseconds=random.randrange(10**6, 10**7))
                cause = _cause(random, now, root)
                fit = _fit(random, experiment, plan, candidate, fold, now)
                standings[candidate] = _after(standings[candidate], fit, random)
                [stated] = worker.following(cause, [fit])
                yield _traced(stated, random)
                [ranked] = evaluation.following(_cause(random, now, root), [_board(experiment, standings)])
                yield _traced(ranked, random)


def _fit(random: Random, experiment: ExperimentId, plan: str, candidate: str, fold: int, now: datetime) -> FitCompleted:
    return FitCompleted(
        experiment_id=experiment,
        fit_id=FitId(f"fit-{_uuid(random)}"),
        plan_digest=plan,
        candidate=CandidateId(candidate),
        fold=fold,
        scores={metric: random.random() for metric in METRICS},
        fit_seconds=round(random.random() * 10, 5),
        score_seconds=round(random.random(), 5),
        cpu_seconds=round(random.random() * 10, 5),
        peak_memory_bytes=random.randrange(2 * 10**8, 10**9),
        rows=1000,
        predictions=f"predictions/{random.randbytes(32).hex()}.parquet",
        worker="training-worker-1",
        completed_at=now,
    )


def _placed(standings: Mapping[str, Standing]) -> list[Standing]:
    ranked = sorted(standings.values(), key=lambda standing: -(standing.mean or 0.0))
    return [
        standing.model_copy(update={"place": place if standing.completed else None})
        for place, standing in enumerate(ranked, start=1)
    ]


def _after(standing: Standing, fit: FitCompleted, random: Random) -> Standing:
    found = [score for score in standing.scores if score is not None] + [fit.scores["AUC"] or 0.0]
    mean = sum(found) / len(found)
    return standing.model_copy(
        update={
            "mean": mean,
            "low": mean - random.random() / 10 if len(found) > 2 else None,
            "high": mean + random.random() / 10 if len(found) > 2 else None,
            "scores": tuple(found) + (None,) * (FOLDS - len(found)),
            "fit_seconds": standing.fit_seconds + fit.fit_seconds,
            "completed": len(found),
        }
    )


def _board(experiment: ExperimentId, standings: Mapping[str, Standing]) -> LeaderboardUpdated:
    counted = sum(standing.completed for standing in standings.values())
    return LeaderboardUpdated(
        experiment_id=experiment,
        metric="AUC",
        greater_is_better=True,
        standings=tuple(_placed(standings)),
        fits_counted=counted,
        final=counted == len(CANDIDATES) * FOLDS,
    )


def _unraced() -> dict[str, Standing]:
    return {
        candidate: Standing(
            candidate=CandidateId(candidate), name=name, place=None, mean=None, low=None, high=None,
            scores=(None,) * FOLDS, fit_seconds=0.0, completed=0, failed=0,
        )
        for candidate, name in CANDIDATES.items()
    }  # fmt: skip


def _cause(random: Random, now: datetime, root: str) -> Envelope:
    identity = _uuid(random)
    return Envelope(
        id=identity, type="", source="", time=now, correlation_id=_uuid(random), causation_id=None,
        traceparent=root, root=root,
    )  # fmt: skip


def _traced(outgoing: Outgoing, random: Random) -> Outgoing:
    return Outgoing(outgoing.address, outgoing.data, {**outgoing.headers, "traceparent": _trace(random)})


def _trace(random: Random) -> str:
    return f"00-{random.randbytes(16).hex()}-{random.randbytes(8).hex()}-01"


def _uuid(random: Random) -> str:
    return str(UUID(bytes=random.randbytes(16), version=4))
