"""What programs of one's own do to a platform all day: they order, race, send files and ask for predictions."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from contracts.identities import ORDERS
from contracts.ids import CandidateId
from contracts.ingest import DatasetVersionRegistered, RegisterDataset
from contracts.message import Command
from contracts.scheduler import TriggerFired
from contracts.serving import DeploymentReady, DeployModelVersion
from contracts.training import (
    ExperimentRefused,
    ExperimentStarted,
    ExperimentTemplate,
    ModelVersionCreated,
    ModelVersionRecorded,
    RefitFailed,
    StartExperiment,
)
from infra.bus import BusUnavailable, Delivered
from infra.bus.envelope import Sealer
from infra.clock import utc_now
from infra.local.issuer.signing import Signer
from infra.local.layout import Home
from infra.objects.store import open_objects
from tests.builders.experiments import Outside

SMALL = ExperimentTemplate(target="answer", engine="sklearn", folds=2, candidates=(CandidateId("logistic"),))
"""A race of two fits."""
_PACE_SECONDS = 0.1


@dataclass
class Orders:
    """Commands that are sent until they are stored, under one id each, whatever happens to the bus."""

    there: Outside
    given: dict[str, Command] = field(default_factory=dict)
    """By the id of the message."""

    async def give(self, command: Command) -> None:
        """Send a command; its answer is not waited for."""
        outgoing = Sealer("outside", utc_now).first(command)
        self.given[outgoing.headers["ce-id"]] = command
        while True:
            try:
                await self.there.bus.send(outgoing)
            except BusUnavailable:
                continue
            return

    async def race(self, experiment_id: str, dataset: str, template: ExperimentTemplate) -> None:
        """Start a race, and wait until there is its model, or why there is none."""
        await self.give(StartExperiment(experiment_id=experiment_id, dataset=dataset, template=template))
        async for _ in self.there.bus.facts(ModelVersionCreated, RefitFailed, ExperimentRefused, key=experiment_id):
            return

    async def send_file(self, ingestion_id: str, name: str, content: bytes) -> None:
        """Put a file where ingest finds it, and order it to be registered."""
        upload = f"uploads/{ingestion_id}"
        open_objects(self.there.platform.objects_url).create(upload, [content])
        await self.give(
            RegisterDataset(ingestion_id=ingestion_id, name=name, upload=upload, filename=f"{ingestion_id}.csv")
        )

    async def settled(self, triggered: str) -> None:
        """Wait until all that these commands led to is done: whatever is still owed is what a time-out shows."""
        owed = set(self.given)
        async for fact in self.there.bus.facts():
            owed -= _paid(fact)
            owed |= _owed(fact, triggered)
            if not owed:
                return


def answers_to(told: list[Delivered], command_id: str, command: Command) -> list[Delivered]:
    """Return the facts that answer one command."""
    kinds = ORDERS[type(command)]
    return [fact for fact in told if fact.envelope.causation_id == command_id and isinstance(fact.message, kinds)]


@dataclass
class Client:
    """A program that asks for predictions, and knows which are right."""

    http: httpx.AsyncClient
    url: str
    right: dict[str, Any] = field(default_factory=dict)
    """Row, as it is sent, to the answer."""
    came: Counter[str] = field(default_factory=Counter)
    """What came back, how often."""
    wrong: list[str] = field(default_factory=list)

    async def learn(self, example: Mapping[str, Any], rows: int = 20) -> None:
        """Ask for some rows like ``example`` while all is calm, and take the answers for right."""
        for number in range(rows):
            body = json.dumps({"row": {**example, "length": 25.0 + 1.5 * number, "age in years": number + 1}})
            answer = await self._asked(body)
            answer.raise_for_status()
            self.right[body] = _said(answer)

    async def ask(self) -> None:
        """Ask for each row once more."""
        for body, right in self.right.items():
            await asyncio.sleep(_PACE_SECONDS)
            try:
                answer = await self._asked(body)
            except httpx.TransportError as error:
                self.came[type(error).__name__] += 1
                continue
            self.came[str(answer.status_code)] += 1
            if answer.status_code == 200 and _said(answer) != right:
                self.wrong.append(f"{body}: {answer.text}, not {right}")

    async def _asked(self, body: str) -> httpx.Response:
        return await self.http.post(self.url, content=body)


@asynccontextmanager
async def a_client(orders: Orders, dataset: str) -> AsyncIterator[Client]:
    """Race for a model, deploy it, and yield a client that knows what it answers."""
    there, name = orders.there, "calm"
    await orders.race("race-calm", dataset, SMALL)
    [model] = [fact async for fact in there.bus.facts(ModelVersionCreated, key="race-calm", stop_when_idle=True)]
    await orders.give(DeployModelVersion(deployment_id="deployment-calm", name=name, model="race-calm"))
    await there.heard("deployment-calm", DeploymentReady)
    assert isinstance(model.message, ModelVersionCreated)
    platform = there.platform
    signer = Signer.open(Home(platform.home).issuer, platform.issuer_url, utc_now)
    token = signer.access_token("mara", "cli", "trackside-serving", 4 * 3600, scope="predict")
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}, timeout=30.0) as http:
        client = Client(http, f"{platform.serving_url}/deployments/{name}/predict")
        await client.learn(json.loads(model.message.example))
        yield client


def _said(answer: httpx.Response) -> Any:
    said = answer.json()
    return said["model_version_id"], said["predictions"]


def _paid(fact: Delivered) -> set[str]:
    message = fact.message
    paid = {fact.envelope.causation_id} if fact.envelope.causation_id else set()
    if isinstance(message, TriggerFired):
        paid.add(f"firing for {message.dataset_version}")
    if isinstance(message, ExperimentStarted | ExperimentRefused):
        paid.add(f"answer to {message.experiment_id}")
    if isinstance(message, ModelVersionCreated | RefitFailed):
        paid.add(f"model of {message.experiment_id}")
    if isinstance(message, ModelVersionRecorded):
        paid.add(f"record of {message.experiment_id}")
    return paid


def _owed(fact: Delivered, triggered: str) -> set[str]:
    message = fact.message
    if isinstance(message, DatasetVersionRegistered) and message.name == triggered and not message.unchanged:
        return {f"firing for {message.version}"}
    if isinstance(message, TriggerFired):
        return {f"answer to {message.experiment_id}"}
    if isinstance(message, ExperimentStarted):
        return {f"model of {message.experiment_id}"}
    if isinstance(message, ModelVersionCreated):
        return {f"record of {message.experiment_id}"}
    return set()
