"""Serving as it runs: a real nats-server, the built-in issuer's keys, HTTP."""

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from contracts.asked import AskedRows
from contracts.errors import Misconfigured
from contracts.ids import ModelVersionId
from contracts.serving import (
    DeploymentReady,
    DeploymentRefused,
    DeployModelVersion,
    ListDeployments,
    PredictionsLogged,
)
from contracts.training import ModelVersionCreated
from infra.bus import CommandRefused
from infra.bus.client import NatsBus
from infra.objects.store import open_objects
from infra.runner import Running
from services.serving.app import service
from services.serving.settings import ServingSettings
from tests.builders.artifacts import pipeline, save_artifact, store_artifact
from tests.builders.asking import eventually
from tests.builders.issuers import KeyServer, key_server
from tests.builders.nats import NatsServer
from tests.builders.served import ROW
from tests.builders.tokens import rsa_key, signed

KEY = rsa_key()
FOR_EVER: dict[str, Any] = {"iat": None, "exp": 4_000_000_000}


@pytest.fixture
def issuer() -> Iterator[KeyServer]:
    with key_server() as server:
        server.publish(KEY)
        yield server


@pytest.fixture
def settings(tmp_path: Path, nats_server: NatsServer, issuer: KeyServer) -> ServingSettings:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return ServingSettings(
        process="serving",
        nats_url=nats_server.url,
        state_url=f"sqlite:///{tmp_path}/serving.db",
        objects_url=f"file://{tmp_path}/objects",
        traces_dir=tmp_path / "traces",
        http_port=port,
        issuer_url=issuer.url,
    )


@pytest.fixture
def version(settings: ServingSettings, tmp_path: Path) -> ModelVersionCreated:
    return store_artifact(open_objects(settings.objects_url), save_artifact(pipeline(), tmp_path))


@pytest.fixture
async def http(settings: ServingSettings, issuer: KeyServer) -> AsyncIterator[httpx.AsyncClient]:
    token = signed(KEY, iss=issuer.url, **FOR_EVER)
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{settings.http_port}", headers={"Authorization": f"Bearer {token}"}
    ) as client:
        yield client


@asynccontextmanager
async def running(settings: ServingSettings, http: httpx.AsyncClient) -> AsyncIterator[None]:
    serving = Running(service(settings), settings)
    ended = asyncio.create_task(serving.until_stopped())

    async def healthy() -> bool:
        assert not ended.done(), await ended
        with contextlib.suppress(httpx.TransportError):
            return (await http.get("/health")).status_code in {200, 503}
        return False

    await eventually(healthy)
    yield
    serving.stop()
    assert await ended == 0


def order(model: str, deployment_id: str = "dep-1") -> DeployModelVersion:
    return DeployModelVersion(deployment_id=deployment_id, name="penguins", model=model)


async def test_a_model_version_is_deployed_and_answers(
    settings: ServingSettings, http: httpx.AsyncClient, bus: NatsBus, version: ModelVersionCreated, tmp_path: Path
) -> None:
    async with running(settings, http):
        await bus.publish(version)
        ready = await bus.order(order("exp-1"), DeploymentReady)
        assert isinstance(ready, DeploymentReady)
        trace = f"00-{'a' * 32}-{'b' * 16}-01"
        answer = await http.post(ready.path, json={"rows": [dict(ROW)]}, headers={"traceparent": trace})
        assert answer.status_code == 200, answer.text
        assert answer.json()["predictions"][0]["prediction"] in {"Adelie", "Gentoo"}
        async for fact in bus.facts(PredictionsLogged):
            assert isinstance(fact.message, PredictionsLogged)
            assert fact.message.prediction_id == answer.json()["prediction_id"]
            assert "a" * 32 in (fact.envelope.traceparent or "")
            assert fact.message.asked is not None
            kept = AskedRows.model_validate_json(open_objects(settings.objects_url).read(fact.message.asked))
            assert (kept.model_version_id, kept.rows) == (version.model_version_id, (dict(ROW),))
            break
        listed = await bus.ask(ListDeployments())
        assert [(one.name, one.candidate) for one in listed.deployments] == [("penguins", "Decision Tree")]
    spans = [json.loads(line) for line in (tmp_path / "traces" / "serving.jsonl").read_text().splitlines()]
    assert ("predict", "a" * 32, "b" * 16) in {(span["name"], span["trace_id"], span["parent_id"]) for span in spans}


async def test_an_order_right_behind_its_fact_is_obeyed(
    settings: ServingSettings, http: httpx.AsyncClient, bus: NatsBus, version: ModelVersionCreated
) -> None:
    async with running(settings, http):
        for number in range(5):
            fact = version.model_copy(update={"model_version_id": ModelVersionId(f"model-{number}")})
            await bus.publish(fact)
            ready = await bus.order(order(fact.model_version_id, f"dep-{number}"), DeploymentReady)
            assert isinstance(ready, DeploymentReady)
            assert ready.model_version_id == fact.model_version_id


async def test_deployments_survive_a_restart(
    settings: ServingSettings, http: httpx.AsyncClient, bus: NatsBus, version: ModelVersionCreated
) -> None:
    async with running(settings, http):
        await bus.publish(version)
        await bus.order(order("exp-1"), DeploymentReady)
        before = (await http.post("/deployments/penguins/predict", json={"row": dict(ROW)})).json()["predictions"]
    async with running(settings, http):
        await eventually(lambda: _ready(http))
        after = (await http.post("/deployments/penguins/predict", json={"row": dict(ROW)})).json()["predictions"]
    assert after == before


async def test_deployments_survive_the_loss_of_the_state(
    settings: ServingSettings, http: httpx.AsyncClient, bus: NatsBus, version: ModelVersionCreated, tmp_path: Path
) -> None:
    async with running(settings, http):
        await bus.publish(version)
        await bus.order(order("exp-1"), DeploymentReady)
    _lose_state(tmp_path)
    async with running(settings, http):
        await eventually(lambda: _ready(http))
        assert (await http.post("/deployments/penguins/predict", json={"row": dict(ROW)})).status_code == 200


async def test_an_artifact_that_was_lost_is_said_at_the_next_start(
    settings: ServingSettings, http: httpx.AsyncClient, bus: NatsBus, version: ModelVersionCreated
) -> None:
    async with running(settings, http):
        await bus.publish(version)
        await bus.order(order("exp-1"), DeploymentReady)
    open_objects(settings.objects_url).delete(version.artifact)
    async with running(settings, http):

        async def named() -> bool:
            return "could not be loaded again" in (await http.get("/health")).text

        await eventually(named)
        answer = await http.post("/deployments/penguins/predict", json={"row": dict(ROW)})
        assert answer.json()["error"]["reason"] == "DeploymentNotLoaded"


async def test_a_refused_deployment_leaves_what_was_there(
    settings: ServingSettings, http: httpx.AsyncClient, bus: NatsBus, version: ModelVersionCreated
) -> None:
    damaged = version.model_copy(update={"model_version_id": "model-2", "artifact_digest": "4" * 64})
    async with running(settings, http):
        await bus.publish(version)
        await bus.publish(damaged)
        await bus.order(order("model-1"), DeploymentReady)
        for model, why in (("model-2", "ArtifactDamaged"), ("model-9", "ModelVersionUnknown")):
            with pytest.raises(CommandRefused) as refused:
                await bus.order(order(model, f"dep-{model}"), DeploymentReady, DeploymentRefused)
            assert refused.value.refusal.reason == why
        answer = await http.post("/deployments/penguins/predict", json={"row": dict(ROW)})
        assert answer.json()["model_version_id"] == "model-1"


async def test_a_swap_meets_no_request_half_way(
    settings: ServingSettings, http: httpx.AsyncClient, bus: NatsBus, version: ModelVersionCreated
) -> None:
    async with running(settings, http):
        await bus.publish(version)
        await bus.publish(version.model_copy(update={"model_version_id": "model-2"}))
        await bus.order(order("model-1"), DeploymentReady)
        seen: list[Any] = []

        async def look() -> bool:
            answer = await http.post("/deployments/penguins/predict", json={"row": dict(ROW)})
            seen.append((answer.json()["model_version_id"], answer.status_code))
            return swapping.done()

        swapping: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        await look()
        swapping = asyncio.create_task(bus.order(order("model-2", "dep-2"), DeploymentReady))
        await eventually(look)
        await look()
    assert seen == sorted(seen)
    assert set(seen) == {("model-1", 200), ("model-2", 200)}


async def test_an_address_that_is_taken_ends_it_at_start(settings: ServingSettings) -> None:
    with socket.create_server(("127.0.0.1", settings.http_port)), pytest.raises(Misconfigured, match="HTTP_PORT"):
        await Running(service(settings), settings).until_stopped()


async def _ready(http: httpx.AsyncClient) -> bool:
    return (await http.get("/health")).status_code == 200


def _lose_state(folder: Path) -> None:
    for file in folder.glob("serving.db*"):
        file.unlink()
