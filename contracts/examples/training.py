"""Examples of what training hears and says."""

from contracts.examples.story import (
    DATA,
    DATA_DIGEST,
    DATASET,
    EXPERIMENT,
    FEATURES,
    MODEL_VERSION,
    PLAN_DIGEST,
    TEMPLATE,
    VERSION,
    Wire,
)
from contracts.message import Value
from contracts.training import (
    CancelExperiment,
    CancelRefused,
    CandidateRecorded,
    ExperimentCancelled,
    ExperimentCompleted,
    ExperimentImported,
    ExperimentRefused,
    Experiments,
    ExperimentStarted,
    FitCompleted,
    FitFailed,
    FitInHand,
    FitStarted,
    ImportExperiment,
    ImportRefused,
    ListExperiments,
    ModelVersionCreated,
    ModelVersionRecorded,
    PerformFit,
    RefitCandidate,
    RefitFailed,
    StartExperiment,
)

_STARTED_AT = "2026-11-25T00:44:18.040109Z"
_COMPLETED_AT = "2026-11-25T00:44:19.462649Z"
_FIT: Wire = {
    "experiment_id": EXPERIMENT,
    "fit_id": "fit-8452294a-2499-5f7b-aecd-9d46a5441312",
    "plan_digest": PLAN_DIGEST,
    "candidate": "tree",
    "fold": 0,
}
_FILE_DIGEST = "0d1c1a2e6b1f4c9f8c2b7a55f1d7a4de1f6ce9e5b7f1a3c2d4e5f60718293a4b"
_LOGISTIC: Wire = {"id": "logistic", "name": "Logistic Regression"}
_PLAN: Wire = {
    "dataset": DATASET,
    "dataset_version": VERSION,
    "data": DATA,
    "data_digest": DATA_DIGEST,
    "rows": 199,
    "features": FEATURES,
    "target": "species",
    "task": "classification",
    "engine": "sklearn",
    "candidates": [
        _LOGISTIC,
        {"id": "tree", "name": "Decision Tree"},
        {"id": "dummy", "name": "Most Frequent Class"},
    ],
    "folds": 3,
    "seed": 42,
    "metric": "AUC",
}

_COMMANDS: dict[type[Value], Wire] = {
    StartExperiment: {"experiment_id": EXPERIMENT, "dataset": DATASET, "template": TEMPLATE},
    CancelExperiment: {"experiment_id": EXPERIMENT},
    ImportExperiment: {
        "experiment_id": EXPERIMENT,
        "upload": f"uploads/{_FILE_DIGEST}",
        "upload_digest": _FILE_DIGEST,
    },
    PerformFit: _FIT,
    RefitCandidate: {"experiment_id": EXPERIMENT, "candidate": "logistic", "plan_digest": PLAN_DIGEST},
}

_EXPERIMENT: dict[type[Value], Wire] = {
    ExperimentStarted: {
        "experiment_id": EXPERIMENT,
        "plan": _PLAN,
        "plan_digest": PLAN_DIGEST,
        "fits": 9,
        "warnings": ["Task: classification, because species has 2 values."],
        "started_at": _STARTED_AT,
    },
    ExperimentRefused: {
        "experiment_id": "exp-e2c05cb2fc16",
        "reason": "TargetMissing",
        "cause": "There is no column 'specis' to predict. Did you mean 'species'?",
        "cure": "Choose one of the columns: species, island, bill_length_mm, bill_depth_mm, sex, year.",
    },
    ExperimentCompleted: {
        "experiment_id": EXPERIMENT,
        "fits_completed": 9,
        "fits_failed": 0,
        "completed_at": _COMPLETED_AT,
    },
    ExperimentCancelled: {
        "experiment_id": "exp-c2de33f86413",
        "fits_completed": 1,
        "fits_failed": 0,
        "cancelled_at": "2026-11-25T00:44:27.698535Z",
    },
    CancelRefused: {
        "experiment_id": EXPERIMENT,
        "reason": "ExperimentEnded",
        "cause": f"The experiment '{EXPERIMENT}' has completed.",
        "cure": "There is nothing to cancel.",
    },
    ExperimentImported: {
        "experiment_id": EXPERIMENT,
        "plan_digest": PLAN_DIGEST,
        "fits_completed": 9,
        "fits_failed": 0,
        "unchanged": False,
        "imported_at": "2026-11-28T20:21:07.512840Z",
    },
    ImportRefused: {
        "experiment_id": EXPERIMENT,
        "reason": "FileDamaged",
        "cause": "The file of the experiment is damaged: events.jsonl is not what its manifest says.",
        "cure": "Copy it once more, or export the experiment again where it was raced: trackside export EXP.",
    },
    CandidateRecorded: {
        "experiment_id": EXPERIMENT,
        "candidate": "tree",
        "run_id": "00db0d1f209b462aa66791a18f14f9a2",
    },
    ListExperiments: {"scope": "all"},
    Experiments: {
        "experiments": [
            {
                "experiment_id": EXPERIMENT,
                "dataset": DATASET,
                "target": "species",
                "task": "classification",
                "engine": "sklearn",
                "status": "completed",
                "candidates": 3,
                "folds": 3,
                "fits": 9,
                "fits_completed": 9,
                "fits_failed": 0,
                "model_version_id": MODEL_VERSION,
                "started_at": _STARTED_AT,
                "ended_at": _COMPLETED_AT,
                "interrupted": False,
                "dataset_version": VERSION,
            }
        ]
    },
}

_FITS: dict[type[Value], Wire] = {
    FitStarted: {"experiment_id": EXPERIMENT, "candidate": "tree", "fold": 0, "worker": "training-worker-1"},
    FitInHand: {"experiment_id": EXPERIMENT, "candidate": "tree", "fold": 0, "worker": "training-worker-1"},
    FitCompleted: {
        **_FIT,
        "scores": {
            "Accuracy": 0.9850746268656716,
            "AUC": 0.96875,
            "Recall": 0.9375,
            "Precision": 1.0,
            "F1": 0.967741935483871,
            "Kappa": 0.9580463368816531,
            "MCC": 0.9588905849189228,
        },
        "fit_seconds": 0.03608,
        "score_seconds": 0.02049,
        "cpu_seconds": 0.00937,
        "peak_memory_bytes": 258682880,
        "rows": 67,
        "predictions": "predictions/3c23f0dc73cd2652b4b9fce87f065e078eeffd6ff26342f6a5c4c1fc997d46c7.parquet",
        "worker": "training-worker-1",
        "completed_at": "2026-11-25T00:44:18.755313Z",
    },
    FitFailed: {
        **_FIT,
        "reason": "ValueError",
        "detail": "Input X contains infinity.",
        "completed_at": "2026-11-25T00:44:18.755313Z",
    },
}

_MODEL_VERSIONS: dict[type[Value], Wire] = {
    ModelVersionCreated: {
        "experiment_id": EXPERIMENT,
        "model_version_id": MODEL_VERSION,
        "candidate": _LOGISTIC,
        "dataset": DATASET,
        "dataset_version": VERSION,
        "plan_digest": PLAN_DIGEST,
        "task": "classification",
        "target": "species",
        "features": FEATURES,
        "classes": ["Adelie", "Gentoo"],
        "artifact": "models/ffc6956954315e7876dffa6985c7162172de50b55b9d7a25079a3429da42daa4.zip",
        "artifact_digest": "ffc6956954315e7876dffa6985c7162172de50b55b9d7a25079a3429da42daa4",
        "example": '{"island":"Torgersen","bill_length_mm":39.1,"bill_depth_mm":18.7,"flipper_length_mm":181.0,'
        '"body_mass_g":3750.0,"sex":"male","year":2007}',
        "created_at": "2026-11-25T00:44:20.128465Z",
    },
    RefitFailed: {
        "experiment_id": EXPERIMENT,
        "candidate": "tree",
        "reason": "ValueError",
        "cause": "tree could not be refitted on all rows: Input X contains infinity.",
        "cure": "Choose another candidate of this experiment.",
    },
    ModelVersionRecorded: {
        "experiment_id": EXPERIMENT,
        "model_version_id": MODEL_VERSION,
        "run_id": "ed8093b96e1c417ab90d79dcd702051e",
        "registered_name": "penguins-species",
        "registered_version": "2",
    },
}

TRAINING: dict[type[Value], Wire] = {**_COMMANDS, **_EXPERIMENT, **_FITS, **_MODEL_VERSIONS}
