"""From a file to served predictions by the command line, with PyCaret, and what MLflow and the trace say of it."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import mlflow
import pandas as pd
import pytest

from infra.clock import Clock, utc_now
from infra.local.issuer.signing import Signer
from infra.local.platform import Platform
from tests.builders.asking import until
from tests.builders.platform import RunningPlatform
from ui.cli.flights import write_flights

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FOLDS = 3
RACES = {"late": ("lr", "dt", "lightgbm"), "distance": ("ridge", "dt", "lightgbm")}
"""Target to candidates: a classification and a regression on one dataset."""
METRIC = {"late": "AUC", "distance": "R2"}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    folder = tmp_path_factory.mktemp("story")
    write_flights(folder / "flights.csv")
    platform = RunningPlatform.start(folder / "home")
    platform.ready()
    assert platform.run("ingest", str(folder / "flights.csv"), "--name", "flights").returncode == 0
    yield platform
    assert platform.stop() == 0


@pytest.fixture(scope="module", params=RACES)
def raced(running: RunningPlatform, request: pytest.FixtureRequest) -> "Raced":
    target: str = request.param
    candidates = ",".join(RACES[target])
    board = running.json(
        "train", "flights", "--target", target, "--folds", str(FOLDS), "--candidates", candidates, "--watch",
        seconds=200,
    )  # fmt: skip
    deployed = running.run("deploy", board["experiment_id"], "--name", target)
    assert deployed.returncode == 0, deployed.stderr
    return Raced(running, target, board)


class Raced:
    """A race that is over, with its winner deployed under its target's name."""

    def __init__(self, running: RunningPlatform, target: str, board: dict[str, Any]) -> None:
        self.running = running
        self.target = target
        self.board = board

    @property
    def platform(self) -> Platform:
        found = self.running.platform()
        assert found is not None
        return found

    def registered(self) -> str:
        """Return where MLflow has the winner, once the recorder has said so."""
        client = mlflow.MlflowClient(self.platform.mlflow_url)
        name = f"flights-{self.target}"
        until(lambda: bool(client.search_model_versions(f"name='{name}'")), seconds=60)
        return f"models:/{name}/1"


def test_the_final_board_ranks_every_candidate_by_all_its_folds(raced: Raced) -> None:
    assert raced.board["final"] is True
    assert raced.board["metric"] == METRIC[raced.target]
    standings = raced.board["standings"]
    assert {standing["candidate"] for standing in standings} == set(RACES[raced.target])
    assert [standing["completed"] for standing in standings] == [FOLDS] * 3
    means = [standing["mean"] for standing in standings]
    assert means == sorted(means, reverse=True)
    assert all(standing["low"] <= standing["mean"] <= standing["high"] for standing in standings)


def test_mlflow_has_a_run_for_each_candidate_with_its_metric_by_fold(raced: Raced) -> None:
    raced.registered()
    client = mlflow.MlflowClient(raced.platform.mlflow_url)
    experiment = client.get_experiment_by_name(f"flights: {raced.target}")
    assert experiment is not None
    by_candidate = {
        run.data.tags["trackside.candidate"]: run
        for run in client.search_runs([experiment.experiment_id])
        if not run.info.run_name.endswith("(refit)")
    }
    for standing in raced.board["standings"]:
        run = by_candidate[standing["candidate"]]
        history = sorted(
            client.get_metric_history(run.info.run_id, raced.board["metric"]), key=lambda metric: metric.step
        )
        assert [metric.value for metric in history] == standing["scores"]
        assert run.data.params
        assert run.info.status == "FINISHED"


def test_mlflow_s_model_predicts_what_the_http_api_predicts_row_by_row(raced: Raced, tmp_path: Path) -> None:
    uri = raced.registered()
    rows = pd.read_csv(raced.running.home.root.parent / "flights.csv").head(300)
    rows.to_csv(tmp_path / "rows.csv", index=False)
    served = raced.running.json("predict", raced.target, "--file", str(tmp_path / "rows.csv"))
    mlflow.set_tracking_uri(raced.platform.mlflow_url)
    model = mlflow.pyfunc.load_model(uri)
    columns = [column["name"] for column in model.metadata.signature.inputs.to_dict()]
    assert [one["prediction"] for one in served["predictions"]] == list(model.predict(rows[columns]))


def test_the_trace_is_one_tree_through_every_role(raced: Raced) -> None:
    told = raced.running.run("trace", raced.board["experiment_id"], "--all").stdout
    assert told.count("\ntrace ") + told.startswith("trace ") == 1
    for process in ("cli", "training", "training-worker-1", "evaluation", "training-recorder", "serving"):
        assert f" {process} " in told, told


@pytest.mark.parametrize("attack", ["none", "expired", "another audience", "alg none", "good"])
def test_only_a_good_token_is_answered(raced: Raced, attack: str) -> None:
    platform = raced.platform
    row = raced.running.json("predict", raced.target, "--row", json.dumps(_example(raced)))
    assert len(row["predictions"]) == 1
    headers = {} if attack == "none" else {"Authorization": f"Bearer {_token(raced, attack)}"}
    url = f"{platform.serving_url}/deployments/{raced.target}/predict"
    answer = httpx.post(url, json={"row": _example(raced)}, headers=headers)
    assert answer.status_code == (200 if attack == "good" else 401), answer.text


def _example(raced: Raced) -> dict[str, Any]:
    events = raced.running.run("events", "--experiment", raced.board["experiment_id"], "--json").stdout
    for line in events.splitlines():
        fact = json.loads(line)
        if fact["type"] == "evt.training.model.created.v1":
            example: dict[str, Any] = json.loads(fact["data"]["example"])
            return example
    raise AssertionError(events)


def _token(raced: Raced, attack: str) -> str:
    def long_ago() -> Any:
        return utc_now().replace(year=2020)

    clock: Clock = long_ago if attack == "expired" else utc_now
    signer = Signer.open(raced.running.home.issuer, raced.platform.issuer_url, clock)
    audience = "trackside-elsewhere" if attack == "another audience" else "trackside-serving"
    token = signer.access_token("mara", "cli", audience, 3600, scope="predict")
    if attack != "alg none":
        return token
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
    return f"{header}.{token.split('.')[1]}."
