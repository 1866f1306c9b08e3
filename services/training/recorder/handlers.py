"""From a fact to what stands in MLflow."""

import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from contracts.evaluation import CandidateRetired
from contracts.message import Message
from contracts.plans import raced_folds
from contracts.training import (
    CandidateRecorded,
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
    ModelVersionCreated,
    ModelVersionRecorded,
)
from services.training.recorder import domain
from services.training.recorder.ports import Artifacts, Tracking
from services.training.recorder.store import RunStore

TraceId = Callable[[], str | None]


def on_experiment_started(
    event: ExperimentStarted, runs: RunStore, tracking: Tracking, trace_id: TraceId
) -> list[Message]:
    """Open a run for each candidate."""
    if not runs.remember_started(event):
        return []
    recorded: list[Message] = []
    for candidate in event.plan.candidates:
        run_id = _opened(domain.candidate_opening(event, candidate, trace_id()), tracking)
        runs.put(event.experiment_id, candidate.id, run_id)
        recorded.append(CandidateRecorded(experiment_id=event.experiment_id, candidate=candidate.id, run_id=run_id))
    return recorded


def on_fit_completed(event: FitCompleted, runs: RunStore, tracking: Tracking) -> list[Message]:
    """Write down what the fit measured, as the step of its fold."""
    run_id = runs.run_of(event.experiment_id, event.candidate)
    if run_id is not None and runs.remember_fit(event):
        tracking.measure(run_id, domain.fit_measurements(event))
    return []


def on_fit_failed(event: FitFailed, runs: RunStore, tracking: Tracking) -> list[Message]:
    """Write down why the fit failed."""
    run_id = runs.run_of(event.experiment_id, event.candidate)
    if run_id is not None and runs.remember_fit(event):
        tracking.tag(run_id, domain.failure_tags(event))
    return []


def on_candidate_retired(event: CandidateRetired, runs: RunStore, tracking: Tracking) -> list[Message]:
    """Write down after how many folds the candidate was retired, and why."""
    run_id = runs.run_of(event.experiment_id, event.candidate)
    if run_id is not None and runs.remember_retired(event):
        tracking.tag(run_id, domain.retired_tags(event))
    return []


def on_experiment_completed(event: ExperimentCompleted, runs: RunStore, tracking: Tracking) -> list[Message]:
    """Write down the means, and end the runs."""
    return _end(event, event.completed_at, runs, tracking)


def on_experiment_cancelled(event: ExperimentCancelled, runs: RunStore, tracking: Tracking) -> list[Message]:
    """Write down the means of what was scored, and end the runs as killed."""
    return _end(event, event.cancelled_at, runs, tracking)


def on_model_version_created(
    event: ModelVersionCreated, runs: RunStore, tracking: Tracking, artifacts: Artifacts, trace_id: TraceId
) -> list[Message]:
    """Write down the refit with its model, and register that.

    The same plan gives the same model version, however many experiments race by it: it is registered once.
    """
    before = runs.recorded_model(event.model_version_id)
    if before is not None:
        return [before.model_copy(update={"experiment_id": event.experiment_id})]
    recorded = _recorded(event, tracking, artifacts, trace_id)
    runs.remember_model(recorded)
    return [recorded]


def _recorded(
    event: ModelVersionCreated, tracking: Tracking, artifacts: Artifacts, trace_id: TraceId
) -> ModelVersionRecorded:
    run_id = _opened(domain.refit_opening(event, trace_id()), tracking)
    with tempfile.TemporaryDirectory() as folder:
        tracking.store_model(run_id, _unpacked(event, artifacts, Path(folder)))
    name = domain.registered_name(event)
    version = tracking.register(name, run_id, domain.model_tags(event))
    tracking.end_run(run_id, "FINISHED", event.created_at)
    return ModelVersionRecorded(
        experiment_id=event.experiment_id,
        model_version_id=event.model_version_id,
        run_id=run_id,
        registered_name=name,
        registered_version=version,
    )


def _opened(opening: domain.Opening, tracking: Tracking) -> str:
    run_id = tracking.open_run(opening.group, opening.key, opening.name, opening.started_at, opening.tags)
    tracking.describe(run_id, opening.parameters)
    return run_id


def _end(
    event: ExperimentCompleted | ExperimentCancelled, at: datetime, runs: RunStore, tracking: Tracking
) -> list[Message]:
    started = runs.started(event.experiment_id)
    for candidate in started.plan.candidates if started else ():
        run_id = runs.run_of(event.experiment_id, candidate.id)
        if started is None or run_id is None:
            continue
        # A worker may have made more of a retired candidate, which no leaderboard counts.
        folds = runs.retired_after(event.experiment_id, candidate.id) or raced_folds(started.plan)
        fits = [fit for fit in runs.fits_of(event.experiment_id, candidate.id) if fit.fold < folds]
        tracking.measure(run_id, domain.summary(fits, at))
        tracking.tag(run_id, domain.summary_tags(fits, folds))
        tracking.end_run(run_id, domain.status_of(fits, event), at)
    return []


def _unpacked(event: ModelVersionCreated, artifacts: Artifacts, folder: Path) -> Path:
    packed, model = folder / "artifact.zip", folder / "model"
    artifacts.fetch(event.artifact, event.artifact_digest, packed)
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(model)
    return model
