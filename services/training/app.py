"""Wires training's main process."""

import time

from contracts.evaluation import CandidateRetired
from contracts.ingest import DatasetVersionRegistered
from contracts.training import (
    CancelExperiment,
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
    ImportExperiment,
    ListExperiments,
    ModelVersionCreated,
    StartExperiment,
)
from contracts.versions import DatasetVersionRemoved
from contracts.vigil import SIGNS, Vigil
from infra.bus import Delivered, Handler
from infra.clock import utc_now
from infra.objects.store import objects_of
from infra.service import Service
from services.training import handlers
from services.training.plans import StoredPlans
from services.training.settings import TrainingSettings
from services.training.store import METADATA, DatasetStore, ExperimentStore


def service(settings: TrainingSettings) -> Service:
    """Return training's main process, ready to run."""
    datasets = {"datasets": DatasetStore}
    experiments = {"experiments": ExperimentStore}
    ahead = {"fits_ahead": settings.fits_ahead}
    vigil = Vigil(time.monotonic())

    async def hear(sign: Delivered) -> None:
        vigil.hear(sign.message, time.monotonic())

    def silent_for() -> float:
        return vigil.silent_for(time.monotonic())

    started = Handler(
        handlers.start_experiment,
        stores={**datasets, **experiments},
        ports=ahead | {"plans": StoredPlans(objects_of(settings)), "clock": utc_now},
    )
    return Service(
        role="training",
        handlers={
            DatasetVersionRegistered: Handler(handlers.on_dataset_version_registered, stores=datasets),
            DatasetVersionRemoved: Handler(handlers.on_dataset_version_removed, stores=datasets),
            StartExperiment: started,
            CancelExperiment: Handler(handlers.cancel_experiment, stores=experiments, ports={"clock": utc_now}),
            ImportExperiment: Handler(
                handlers.import_experiment,
                stores=experiments,
                ports={"objects": objects_of(settings), "clock": utc_now},
            ),
            FitCompleted: Handler(handlers.on_fit_completed, stores=experiments, ports=ahead),
            FitFailed: Handler(handlers.on_fit_failed, stores=experiments, ports=ahead),
            CandidateRetired: Handler(
                handlers.on_candidate_retired, stores=experiments, ports=ahead | {"clock": utc_now}
            ),
            ModelVersionCreated: Handler(handlers.on_model_version_created, stores=experiments),
        },
        questions={
            ListExperiments: Handler(
                handlers.list_experiments, stores=experiments, ports={"silent_for": silent_for, "clock": utc_now}
            )
        },
        listens=dict.fromkeys(SIGNS, hear),
        recalls={
            ExperimentStarted: Handler(handlers.recall_started, stores=experiments, ports=ahead),
            ExperimentCompleted: Handler(handlers.recall_ended, stores=experiments),
            ExperimentCancelled: Handler(handlers.recall_ended, stores=experiments),
        },
        tables=METADATA,
    )
