"""What stands in a run, from the facts of an experiment."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean, stdev
from typing import Literal, NamedTuple

from contracts.evaluation import CandidateRetired
from contracts.training import (
    Candidate,
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
    ModelVersionCreated,
    Plan,
)

RunStatus = Literal["FINISHED", "FAILED", "KILLED"]

_LONGEST_TAG = 1000


class Measurement(NamedTuple):
    """One value of one metric."""

    name: str
    value: float
    step: int
    """The fold, for what was measured by fold."""
    at: datetime


@dataclass(frozen=True)
class Opening:
    """What a run begins with."""

    group: str
    """Name of the MLflow experiment: one for each dataset and target, so that all races for it stand side by side."""
    key: str
    """Tells this run from all others, for ever."""
    name: str
    started_at: datetime
    parameters: Mapping[str, str]
    tags: Mapping[str, str]


@dataclass(frozen=True)
class Scores:
    """What one fit left behind; a failed one has no metrics."""

    fold: int
    metrics: Mapping[str, float | None]
    failed: bool


def candidate_opening(started: ExperimentStarted, candidate: Candidate, trace_id: str | None) -> Opening:
    """Return the opening of a candidate's run."""
    plan = started.plan
    parameters = {
        "candidate": candidate.id,
        "dataset": plan.dataset,
        "engine": plan.engine,
        "features": str(len(plan.features)),
        "folds": str(plan.folds),
        "metric": plan.metric,
        "rows": str(plan.rows),
        "seed": str(plan.seed),
        "target": plan.target,
        "task": plan.task,
        **_further(plan),
    }
    tags = _tags(started.experiment_id, plan.dataset_version, started.plan_digest, candidate, trace_id)
    return Opening(
        group=_group(plan),
        key=f"{started.experiment_id}/{candidate.id}",
        name=candidate.name,
        started_at=started.started_at,
        parameters=parameters,
        tags=tags | {"trackside.engine": plan.engine, "trackside.data_digest": plan.data_digest},
    )


def refit_opening(created: ModelVersionCreated, trace_id: str | None) -> Opening:
    """Return the opening of a refit's run."""
    tags = _tags(created.experiment_id, created.dataset_version, created.plan_digest, created.candidate, trace_id)
    return Opening(
        group=_group(created),
        key=f"{created.experiment_id}/refit/{created.model_version_id}",
        name=f"{created.candidate.name} (refit)",
        started_at=created.created_at,
        parameters={
            "candidate": created.candidate.id,
            "dataset": created.dataset,
            "target": created.target,
            "task": created.task,
        },
        tags=tags | model_tags(created),
    )


def model_tags(created: ModelVersionCreated) -> dict[str, str]:
    """Return what tells a model version from all others."""
    return {
        "trackside.model_version_id": created.model_version_id,
        "trackside.experiment_id": created.experiment_id,
        "trackside.artifact_digest": created.artifact_digest,
    }


def registered_name(created: ModelVersionCreated) -> str:
    """Return the name under which MLflow registers the model versions for this dataset and target."""
    return re.sub(r"[^A-Za-z0-9_.\- ]", "_", f"{created.dataset}-{_asked(created)}")


def fit_measurements(fit: FitCompleted) -> list[Measurement]:
    """Return what a fit measured, at the step of its fold and the time of the fact, so that a repeat is the same."""
    costs = {
        "fit_seconds": fit.fit_seconds,
        "cpu_seconds": fit.cpu_seconds,
        "peak_memory_bytes": float(fit.peak_memory_bytes),
    }
    values = {name: value for name, value in fit.scores.items() if value is not None} | costs
    return [Measurement(name, value, fit.fold, fit.completed_at) for name, value in values.items()]


def failure_tags(fit: FitFailed) -> dict[str, str]:
    """Return what a failed fit leaves on its candidate's run."""
    return {f"trackside.failed.fold_{fit.fold}": f"{fit.reason}: {fit.detail}"[:_LONGEST_TAG]}


def retired_tags(retired: CandidateRetired) -> dict[str, str]:
    """Return what a retirement leaves on its candidate's run."""
    return {
        "trackside.retired_after": str(retired.folds),
        "trackside.verdict": retired.verdict.said[:_LONGEST_TAG],
    }


def summary(fits: Sequence[Scores], at: datetime) -> list[Measurement]:
    """Return mean and spread of each metric over the folds that have it, as ``mean_AUC`` and ``std_AUC``."""
    values: dict[str, list[float]] = {}
    for fit in sorted(fits, key=lambda fit: fit.fold):
        for name, value in fit.metrics.items():
            if value is not None:
                values.setdefault(name, []).append(value)
    means = {f"mean_{name}": fmean(found) for name, found in values.items()}
    spreads = {f"std_{name}": stdev(found) for name, found in values.items() if len(found) > 1}
    return [Measurement(name, value, 0, at) for name, value in {**means, **spreads}.items()]


def summary_tags(fits: Sequence[Scores], folds: int) -> dict[str, str]:
    """Return how many of a candidate's fits, one for each of its ``folds``, came to what."""
    failed = sum(fit.failed for fit in fits)
    return {"trackside.fits": f"{len(fits) - failed} of {folds} completed, {failed} failed"}


def status_of(fits: Sequence[Scores], ended: ExperimentCompleted | ExperimentCancelled) -> RunStatus:
    """Return how a candidate's run ended: killed by a person, failed on every fold, or finished."""
    if isinstance(ended, ExperimentCancelled):
        return "KILLED"
    return "FAILED" if fits and all(fit.failed for fit in fits) else "FINISHED"


def _group(about: Plan | ModelVersionCreated) -> str:
    return f"{about.dataset}: {_asked(about)}"


def _asked(about: Plan | ModelVersionCreated) -> str:
    return about.target or about.task.replace("_", " ")


def _further(plan: Plan) -> dict[str, str]:
    """Return the parameters that only some plans have."""
    forecast = plan.forecast.model_dump() if plan.forecast else {}
    asked = {
        "budget": plan.budget,
        "groups": plan.groups,
        "rule": plan.rule,
        "margin": plan.margin,
        "clusters": plan.clusters,
        "anomalies": plan.anomalies,
        **forecast,
    }
    return {name: str(value) for name, value in asked.items() if value is not None}


def _tags(
    experiment_id: str, dataset_version: str, plan_digest: str, candidate: Candidate, trace_id: str | None
) -> dict[str, str]:
    tags = {
        "trackside.experiment_id": experiment_id,
        "trackside.dataset_version": dataset_version,
        "trackside.plan_digest": plan_digest,
        "trackside.candidate": candidate.id,
    }
    return tags if trace_id is None else tags | {"trackside.trace_id": trace_id}
