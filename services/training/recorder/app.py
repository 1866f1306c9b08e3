"""Wires the recorder."""

from contracts.evaluation import CandidateRetired
from contracts.training import (
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
    ModelVersionCreated,
)
from infra.bus import Handler, Patience
from infra.objects.store import objects_of
from infra.service import Service
from infra.telemetry import current_trace_id
from infra.tracking import MlflowTracking
from services.training.recorder import handlers
from services.training.recorder.settings import RecorderSettings
from services.training.recorder.store import METADATA, RunStore


def service(settings: RecorderSettings) -> Service:
    """Return the recorder, ready to run."""
    runs = {"runs": RunStore}
    tracking = {"tracking": MlflowTracking(settings.mlflow_url)}
    traced = {**tracking, "trace_id": current_trace_id}
    archived = {**traced, "artifacts": objects_of(settings)}
    return Service(
        role="training-recorder",
        handlers={
            ExperimentStarted: Handler(handlers.on_experiment_started, stores=runs, ports=traced),
            FitCompleted: Handler(handlers.on_fit_completed, stores=runs, ports=tracking),
            FitFailed: Handler(handlers.on_fit_failed, stores=runs, ports=tracking),
            CandidateRetired: Handler(handlers.on_candidate_retired, stores=runs, ports=tracking),
            ExperimentCompleted: Handler(handlers.on_experiment_completed, stores=runs, ports=tracking),
            ExperimentCancelled: Handler(handlers.on_experiment_cancelled, stores=runs, ports=tracking),
            ModelVersionCreated: Handler(handlers.on_model_version_created, stores=runs, ports=archived),
        },
        tables=METADATA,
        patience=Patience(unavailable=None),
    )
