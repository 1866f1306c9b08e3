"""The adapter against a real MLflow server, started as the embedded platform starts it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import mlflow
import numpy as np
import pytest
from mlflow import MlflowClient
from sklearn.linear_model import LinearRegression

from infra.tracking import MlflowTracking, MlflowUnavailable
from tests.builders.mlflow_server import MlflowServer

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def mlflow_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = MlflowServer(tmp_path_factory.mktemp("mlflow"))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture(scope="module")
def tracking(mlflow_url: str) -> MlflowTracking:
    return MlflowTracking(mlflow_url)


@pytest.fixture(scope="module")
def client(mlflow_url: str) -> Any:
    return MlflowClient(mlflow_url)


@pytest.mark.slow
def test_a_run_is_opened_once_and_filled(tracking: MlflowTracking, client: Any) -> None:
    run_ids = {tracking.open_run("penguins: species", "exp-1/tree", "Tree", AT, {"engine": "x"}) for _ in range(2)}
    (run_id,) = run_ids
    for _ in range(2):
        tracking.describe(run_id, {"folds": "2"})
        tracking.measure(run_id, [("AUC", 0.8, 0, AT), ("AUC", 0.9, 1, AT), ("mean_AUC", 0.85, 0, AT)])
        tracking.tag(run_id, {"trackside.candidate": "tree"})
        tracking.end_run(run_id, "FINISHED", AT)
    run = client.get_run(run_id)
    assert (run.info.status, run.info.run_name, run.data.params) == ("FINISHED", "Tree", {"folds": "2"})
    assert run.data.metrics["mean_AUC"] == 0.85
    assert run.data.tags["trackside.candidate"] == "tree"
    history = client.get_metric_history(run_id, "AUC")
    assert [(found.step, found.value) for found in history] == [(0, 0.8), (1, 0.9)]
    assert client.get_experiment(run.info.experiment_id).name == "penguins: species"


@pytest.mark.slow
def test_a_deleted_group_comes_back_with_its_next_run(tracking: MlflowTracking, client: Any) -> None:
    run_id = tracking.open_run("gone", "exp-2/tree", "Tree", AT, {})
    experiment_id = client.get_run(run_id).info.experiment_id
    client.delete_experiment(experiment_id)
    tracking.open_run("gone", "exp-3/tree", "Tree", AT, {})
    assert client.get_experiment(experiment_id).lifecycle_stage == "active"


@pytest.mark.slow
def test_a_registered_model_is_loaded_by_name_and_version_and_predicts(
    tracking: MlflowTracking, mlflow_url: str, tmp_path: Path
) -> None:
    model = LinearRegression().fit(np.array([[0.0], [1.0], [2.0]]), [1.0, 3.0, 5.0])
    mlflow.sklearn.save_model(
        model, tmp_path / "model", pip_requirements=["scikit-learn"], serialization_format="cloudpickle"
    )
    run_id = tracking.open_run("line: y", "exp-4/refit/model-1", "Line (refit)", AT, {})
    tracking.store_model(run_id, tmp_path / "model")
    versions = {tracking.register("line-y", run_id, {"trackside.model_version_id": "model-1"}) for _ in range(2)}
    assert versions == {"1"}
    mlflow.set_tracking_uri(mlflow_url)
    loaded = mlflow.pyfunc.load_model("models:/line-y/1")
    assert loaded.predict(np.array([[3.0]])) == pytest.approx(model.predict(np.array([[3.0]])))


def test_a_server_that_is_away_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(MlflowUnavailable, match="MLflow at http"):
        MlflowTracking(MlflowServer(tmp_path).url).open_run("g", "k", "n", AT, {})
