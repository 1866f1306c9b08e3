"""The messages of one story: 60 penguins of two species, three candidates, two folds."""

from datetime import UTC, datetime, timedelta
from typing import Any

from contracts.evaluation import CandidateRetired, Verdict
from contracts.ids import CandidateId, ExperimentId, FitId, ModelVersionId
from contracts.ingest import Column, DatasetVersionRegistered
from contracts.plans import raced_folds
from contracts.training import (
    Candidate,
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentStarted,
    ExperimentTemplate,
    FitCompleted,
    FitFailed,
    ModelVersionCreated,
    Plan,
    StartExperiment,
)

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EXPERIMENT = ExperimentId("exp-1")
PLAN_DIGEST = "1" * 64
VERSION = "2" * 64
CANDIDATES = (
    Candidate(id=CandidateId("logistic"), name="Logistic Regression"),
    Candidate(id=CandidateId("tree"), name="Decision Tree"),
    Candidate(id=CandidateId("dummy"), name="Most Frequent Class"),
)
FEATURES = (
    Column(name="island", type="string", missing=0, distinct=3),
    Column(name="bill_length", type="float", missing=2, distinct=51),
)


def a_column(name: str, **fields: Any) -> Column:
    """Return a complete column of floats."""
    defaults: dict[str, Any] = {"name": name, "type": "float", "missing": 0, "distinct": 50}
    return Column(**defaults | fields)


def a_dataset_version(**fields: Any) -> DatasetVersionRegistered:
    """Return the first version of ``penguins``; its target is ``species``."""
    defaults: dict[str, Any] = {
        "ingestion_id": "ing-1",
        "name": "penguins",
        "version": VERSION,
        "number": 1,
        "unchanged": False,
        "rows": 60,
        "columns": (*FEATURES, Column(name="species", type="string", missing=0, distinct=2)),
        "listed": 0,
        "rejected": (),
        "data": f"datasets/{VERSION}.parquet",
        "data_digest": "3" * 64,
        "filename": "penguins.csv",
        "registered_at": NOON,
    }
    return DatasetVersionRegistered(**defaults | fields)


def a_template(**fields: Any) -> ExperimentTemplate:
    """Return a template for two folds of scikit-learn's candidates."""
    defaults: dict[str, Any] = {"target": "species", "folds": 2, "engine": "sklearn"}
    return ExperimentTemplate(**defaults | fields)


def a_start_experiment(**fields: Any) -> StartExperiment:
    """Return the command that starts ``exp-1`` by ``a_template()``."""
    defaults: dict[str, Any] = {"experiment_id": EXPERIMENT, "dataset": "penguins", "template": a_template()}
    return StartExperiment(**defaults | fields)


def a_plan(**fields: Any) -> Plan:
    """Return a plan of three candidates over two folds, ranked by AUC."""
    defaults: dict[str, Any] = {
        "dataset": "penguins",
        "dataset_version": VERSION,
        "data": f"datasets/{VERSION}.parquet",
        "data_digest": "3" * 64,
        "rows": 60,
        "features": FEATURES,
        "target": "species",
        "task": "classification",
        "engine": "sklearn",
        "candidates": CANDIDATES,
        "folds": 2,
        "seed": 42,
        "metric": "AUC",
    }
    return Plan(**defaults | fields)


def an_experiment_started(**fields: Any) -> ExperimentStarted:
    """Return the start of ``exp-1``; ``fits`` follows from the plan."""
    plan = fields.get("plan", a_plan())
    defaults: dict[str, Any] = {
        "experiment_id": EXPERIMENT,
        "plan": plan,
        "plan_digest": PLAN_DIGEST,
        "fits": len(plan.candidates) * raced_folds(plan),
        "started_at": NOON,
    }
    return ExperimentStarted(**defaults | fields)


def a_fit_completed(candidate: str = "tree", fold: int = 0, score: float | None = 0.8, **fields: Any) -> FitCompleted:
    """Return a fit of ``exp-1`` whose AUC is ``score``; its id follows from candidate and fold."""
    defaults: dict[str, Any] = {
        "experiment_id": EXPERIMENT,
        "fit_id": FitId(f"fit-{candidate}-{fold}"),
        "plan_digest": PLAN_DIGEST,
        "candidate": candidate,
        "fold": fold,
        "scores": {"AUC": score, "Accuracy": 0.75},
        "fit_seconds": 0.5,
        "score_seconds": 0.1,
        "cpu_seconds": 0.5,
        "peak_memory_bytes": 100_000_000,
        "rows": 30,
        "predictions": f"predictions/{candidate}-{fold}.parquet",
        "worker": "training-worker-1",
        "completed_at": NOON + timedelta(seconds=fold + 1),
    }
    return FitCompleted(**defaults | fields)


def a_fit_failed(candidate: str = "tree", fold: int = 0, **fields: Any) -> FitFailed:
    """Return a fit of ``exp-1`` that could not be made."""
    defaults: dict[str, Any] = {
        "experiment_id": EXPERIMENT,
        "fit_id": FitId(f"fit-{candidate}-{fold}"),
        "plan_digest": PLAN_DIGEST,
        "candidate": candidate,
        "fold": fold,
        "reason": "NotConverged",
        "detail": "It did not converge in 100 steps.",
        "completed_at": NOON + timedelta(seconds=fold + 1),
    }
    return FitFailed(**defaults | fields)


def a_candidate_retired(candidate: str = "dummy", folds: int = 1, **fields: Any) -> CandidateRetired:
    """Return that a candidate of ``exp-1`` is beaten by ``logistic`` after its first ``folds`` folds."""
    verdict = Verdict(
        kind="beaten",
        said="Beaten by Logistic Regression, by 0.5.",
        against=CandidateId("logistic"),
        compared_on=folds,
        behind=0.5,
        low=0.4,
        high=0.6,
        better=0.0,
        same=0.0,
        worse=1.0,
    )
    defaults: dict[str, Any] = {
        "experiment_id": EXPERIMENT,
        "candidate": candidate,
        "folds": folds,
        "fits_saved": 1,
        "verdict": verdict,
    }
    return CandidateRetired(**defaults | fields)


def an_experiment_completed(**fields: Any) -> ExperimentCompleted:
    """Return the end of ``exp-1``, all of its six fits completed."""
    defaults: dict[str, Any] = {
        "experiment_id": EXPERIMENT,
        "fits_completed": 6,
        "fits_failed": 0,
        "completed_at": NOON + timedelta(minutes=1),
    }
    return ExperimentCompleted(**defaults | fields)


def an_experiment_cancelled(**fields: Any) -> ExperimentCancelled:
    """Return the end of ``exp-1`` by a person, after one fit."""
    defaults: dict[str, Any] = {
        "experiment_id": EXPERIMENT,
        "fits_completed": 1,
        "fits_failed": 0,
        "cancelled_at": NOON + timedelta(minutes=1),
    }
    return ExperimentCancelled(**defaults | fields)


def a_model_version_created(**fields: Any) -> ModelVersionCreated:
    """Return the refit of ``tree`` for ``exp-1``."""
    defaults: dict[str, Any] = {
        "experiment_id": EXPERIMENT,
        "model_version_id": ModelVersionId("model-1"),
        "candidate": CANDIDATES[1],
        "dataset": "penguins",
        "dataset_version": VERSION,
        "plan_digest": PLAN_DIGEST,
        "task": "classification",
        "target": "species",
        "features": FEATURES,
        "classes": ("Adelie", "Gentoo"),
        "artifact": "artifacts/model.zip",
        "artifact_digest": "4" * 64,
        "example": '{"island": "Biscoe", "bill_length": 40.0}',
        "created_at": NOON + timedelta(minutes=2),
    }
    return ModelVersionCreated(**defaults | fields)
