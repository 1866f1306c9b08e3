"""The event ingress as it runs: a guarded nats-server, the issuer's keys, HTTP, ingest behind it."""

import json
import socket
import subprocess
from typing import Any

import httpx
import pytest

from contracts.errors import Misconfigured
from contracts.ingest import DatasetVersionRegistered
from infra.bus.client import connect
from infra.bus.streams import provision
from infra.runner import Running
from infra.telemetry import Telemetry
from services.ingest.app import service
from services.ingest.settings import IngestSettings
from tests.builders.asking import eventually
from tests.builders.guarded import Guarded


def event(upload: str, identity: str = "id-1", key: str = "ing-1") -> dict[str, Any]:
    command = {"ingestion_id": key, "name": "penguins", "upload": upload, "filename": "p.csv"}
    return {"specversion": "1.0", "id": identity, "source": "/me", "type": "RegisterDataset", "data": command}


async def sent(http: httpx.AsyncClient, event: dict[str, Any]) -> dict[str, Any]:
    """Send an event in the structured mode and return the fact that answers it."""
    structured = {"content-type": "application/cloudevents+json"}
    taken = await http.post("/events", content=json.dumps(event), headers=structured)
    assert taken.status_code == 202, taken.text
    answer = await http.get(f"{taken.json()['answer']}&wait=30")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_file_and_an_event_make_a_dataset_and_the_answer_says_so(http: httpx.AsyncClient) -> None:
    uploaded = (await http.post("/uploads", content=b"a,b\n1,2\n3,4\n")).json()["upload"]
    told = await sent(http, event(uploaded))
    assert (told["type"], told["correlationid"]) == (DatasetVersionRegistered.subject, "id-1")
    assert (told["data"]["name"], told["data"]["rows"]) == ("penguins", 2)
    facts = (await http.get("/facts/ing-1")).json()
    assert [fact["id"] for fact in facts] == [told["id"]]


async def test_an_event_that_comes_again_is_obeyed_once_and_answered_each_time(
    http: httpx.AsyncClient, nats: Guarded
) -> None:
    uploaded = (await http.post("/uploads", content=b"a,b\n1,2\n3,4\n")).json()["upload"]
    first, again = await sent(http, event(uploaded)), await sent(http, event(uploaded))
    assert first == again
    bus = await connect(nats.url, nats.home.seed("cli"), "cli", Telemetry("cli"))
    facts = [fact async for fact in bus.facts(DatasetVersionRegistered, stop_when_idle=True)]
    await bus.close()
    assert [fact.envelope.correlation_id for fact in facts] == ["id-1"]


async def test_a_refusal_is_an_answer_too(http: httpx.AsyncClient) -> None:
    told = await sent(http, event("uploads/nothing"))
    assert (told["data"]["reason"], "cure" in told["data"]) == ("UploadMissing", True)


async def test_it_says_when_nats_server_is_away_and_goes_on_when_it_is_back(
    http: httpx.AsyncClient, nats: Guarded
) -> None:
    async def is_well() -> bool:
        return (await http.get("/health")).status_code == 200

    async def is_unwell() -> bool:
        return not await is_well()

    nats.process.kill()
    nats.process.wait()
    await eventually(is_unwell)
    _start_again(nats)
    await eventually(is_well)
    assert (await sent(http, event("uploads/nothing")))["data"]["reason"] == "UploadMissing"


async def test_a_port_that_is_taken_ends_it_at_start(settings: IngestSettings, nats: Guarded) -> None:
    await provision(nats.url, nats.home.seed("provisioner"))
    assert settings.http_port is not None
    taken = socket.create_server(("127.0.0.1", settings.http_port))
    with taken, pytest.raises(Misconfigured, match="INGEST_HTTP_PORT"):
        await Running(service(settings), settings).until_stopped()


def test_without_the_door_s_key_there_is_no_ingress(settings: IngestSettings) -> None:
    with pytest.raises(Misconfigured, match="INGEST_HTTP_PORT needs INGEST_DOOR_FOLDER"):
        service(settings.model_copy(update={"door_folder": None}))


def _start_again(nats: Guarded) -> None:
    nats.process = subprocess.Popen(nats.process.args)
