"""Examples of what serving hears and says."""

from contracts.examples.story import DATASET, DEPLOYMENT, EXPERIMENT, MODEL_VERSION, Wire
from contracts.message import Value
from contracts.serving import (
    DeploymentReady,
    DeploymentRefused,
    Deployments,
    DeployModelVersion,
    ListDeployments,
    PredictionsLogged,
)

_ENDPOINT: Wire = {
    "name": DATASET,
    "model_version_id": MODEL_VERSION,
    "experiment_id": EXPERIMENT,
    "path": f"/deployments/{DATASET}/predict",
    "ready_at": "2026-11-25T00:44:22.420559Z",
}

SERVING: dict[type[Value], Wire] = {
    DeployModelVersion: {"deployment_id": DEPLOYMENT, "name": DATASET, "model": EXPERIMENT},
    DeploymentReady: {"deployment_id": DEPLOYMENT, **_ENDPOINT},
    DeploymentRefused: {
        "deployment_id": "dep-7a2c4490340d",
        "name": DATASET,
        "reason": "ModelVersionUnknown",
        "cause": "There is no model version exp-none, nor has an experiment of this id made one.",
        "cure": "See how far each experiment came: trackside experiments",
    },
    PredictionsLogged: {
        "name": DATASET,
        "prediction_id": "1ddad80b-d42b-4362-a6d1-d049a99262e9",
        "model_version_id": MODEL_VERSION,
        "rows": 1,
        "seconds": 0.25,
        "caller": "trackside-cli",
        "answered_at": "2026-11-25T00:44:24.047182Z",
    },
    ListDeployments: {"scope": "all"},
    Deployments: {"deployments": [{**_ENDPOINT, "candidate": "Logistic Regression"}]},
}
