"""The embedded MLflow: its ASGI app itself, which starts in 10 s where ``mlflow server`` takes 20 to 80."""

import sys

from infra.local.child import Process
from infra.local.layout import Home
from infra.local.probes import answers_http


def mlflow_server(home: Home, port: int, stage: int, nice: int) -> Process:
    """Return the process of MLflow's server, with its database and artifacts below ``home``.

    The ``_MLFLOW_SERVER_*`` variables are those that ``mlflow server`` sets for its workers: names of its own, which a
    release of it may change, so its version is pinned and a test asks the started server for an experiment.
    """
    store = f"sqlite:///{home.mlflow / 'mlflow.db'}"
    address = f"127.0.0.1:{port}"
    return Process(
        name="mlflow",
        command=(
            *(sys.executable, "-m", "uvicorn", "mlflow.server.fastapi_app:app"),
            *("--host", "127.0.0.1", "--port", str(port), "--no-access-log"),
        ),
        ready=answers_http(f"http://{address}/api/2.0/mlflow/experiments/get?experiment_id=0"),
        environment={
            "_MLFLOW_SERVER_FILE_STORE": store,
            "_MLFLOW_SERVER_REGISTRY_STORE": store,
            "_MLFLOW_SERVER_ARTIFACT_ROOT": "mlflow-artifacts:/",
            "_MLFLOW_SERVER_ARTIFACT_DESTINATION": str(home.mlflow / "artifacts"),
            "_MLFLOW_SERVER_SERVE_ARTIFACTS": "true",
            "_MLFLOW_SGI_NAME": "uvicorn",
            "MLFLOW_SERVER_ALLOWED_HOSTS": f"{address},localhost:{port}",
            "MLFLOW_SERVER_CORS_ALLOWED_ORIGINS": f"http://{address},http://localhost:{port}",
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
            "MLFLOW_DISABLE_TELEMETRY": "true",
        },
        stage=stage,
        nice=nice,
    )
