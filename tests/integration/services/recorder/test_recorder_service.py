"""The recorder on a real nats-server, with a real MLflow server that is away while the race runs."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from mlflow import MlflowClient

from contracts.message import Event
from contracts.training import CandidateRecorded
from infra.bus.client import NatsBus
from services.training.recorder.app import service
from services.training.recorder.settings import RecorderSettings
from tests.builders import a_fit_completed, an_experiment_completed, an_experiment_started
from tests.builders.asking import eventually
from tests.builders.mlflow_server import MlflowServer
from tests.builders.nats import NatsServer
from tests.builders.service import running

NAMES = ("logistic", "tree", "dummy")


@pytest.fixture
def mlflow(tmp_path: Path) -> Iterator[MlflowServer]:
    server = MlflowServer(tmp_path / "mlflow")
    yield server
    server.stop()


def a_race() -> list[Event]:
    fits = [a_fit_completed(name, fold, 0.8 + fold / 10) for fold in (0, 1) for name in NAMES]
    return [an_experiment_started(), *fits, an_experiment_completed()]


@pytest.mark.slow
async def test_mlflow_away_during_a_race_loses_nothing_of_it(
    bus: NatsBus, nats_server: NatsServer, mlflow: MlflowServer, tmp_path: Path
) -> None:
    settings = RecorderSettings(
        nats_url=nats_server.url,
        process="training-recorder",
        state_url=f"sqlite:///{tmp_path}/recorder.db",
        objects_url=f"file://{tmp_path}/objects",
        mlflow_url=mlflow.url,
    )
    for fact in a_race():
        await bus.publish(fact)
    async with running(service(settings), settings):
        await asyncio.to_thread(mlflow.start)  # meanwhile the recorder asks, and finds nobody there
        client = MlflowClient(mlflow.url)
        recorded: dict[str, str] = {}
        async for told in bus.facts(CandidateRecorded):
            assert isinstance(told.message, CandidateRecorded)
            recorded[told.message.candidate] = told.message.run_id
            if len(recorded) == len(NAMES):
                break

        async def all_have_ended() -> bool:
            return {client.get_run(run_id).info.status for run_id in recorded.values()} == {"FINISHED"}

        await eventually(all_have_ended, seconds=40)
    for run_id in recorded.values():
        assert [(score.step, score.value) for score in client.get_metric_history(run_id, "AUC")] == [(0, 0.8), (1, 0.9)]
        assert client.get_run(run_id).data.metrics["mean_AUC"] == pytest.approx(0.85)
