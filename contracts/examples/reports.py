"""Examples of reports and explanations."""

from contracts.examples.story import DATASET, EXPERIMENT, MODEL_VERSION, VERSION, Wire
from contracts.message import Value
from contracts.reports import (
    ExplainPrediction,
    ExplanationRefused,
    ModelVersionReported,
    PredictionExplained,
    ReportModelVersion,
    ReportRefused,
)

_PREDICTION = "pred-5f0c3c0f1f6d"
_DIGEST = "5a1f0a3fd0a1c2f6a3a9bb54c3d1f67be5d3f2b1a0987654321fedcba0123456"
_IMPORTANCE: Wire = {"name": "importance", "key": f"reports/{_DIGEST}.parquet", "digest": _DIGEST, "rows": 7}

REPORTS: dict[type[Value], Wire] = {
    ReportModelVersion: {"model_version_id": MODEL_VERSION},
    ModelVersionReported: {
        "model_version_id": MODEL_VERSION,
        "experiment_id": EXPERIMENT,
        "candidate": {"id": "logistic", "name": "Logistic Regression"},
        "dataset": DATASET,
        "dataset_version": VERSION,
        "task": "classification",
        "target": "species",
        "metric": "AUC",
        "folds": 3,
        "rows": 199,
        "tables": [_IMPORTANCE],
        "created_at": "2026-11-29T08:12:40.120559Z",
    },
    ReportRefused: {
        "model_version_id": "mv-0",
        "reason": "ModelVersionUnknown",
        "cause": "There is no model version 'mv-0'.",
        "cure": "See what there is: trackside experiments.",
    },
    ExplainPrediction: {"prediction_id": _PREDICTION},
    PredictionExplained: {
        "prediction_id": _PREDICTION,
        "model_version_id": MODEL_VERSION,
        "rows": 1,
        "table": {**_IMPORTANCE, "name": "explanation"},
        "explained_at": "2026-11-29T08:14:02.420559Z",
    },
    ExplanationRefused: {
        "prediction_id": "pred-0",
        "reason": "PredictionUnknown",
        "cause": "Nothing is kept of a prediction 'pred-0'.",
        "cure": "Give the id that came with an answer of a deployment that keeps what it is asked.",
    },
}
