"""The AsyncAPI document is true: a platform that runs accepts its examples, and says what it says.

Everything that is known here of the bus comes from the document that `trackside contracts` prints, and from the card
that `trackside publishers add` does; the client is nats-py.
"""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nats
import pytest
from jsonschema import Draft7Validator

from tests.builders.asking import until
from tests.builders.platform import TRACKSIDE, RunningPlatform, environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

HEADER = "species,mass,island\n"
ROWS = "".join(f"{'ab'[n % 2]},{n},{'xyz'[n % 3]}\n" for n in range(60))


@dataclass(frozen=True)
class Client:
    """A program with a key, and the document."""

    url: str
    key: str
    inbox: str
    document: Any

    def send(self, channel: str, **parameters: str) -> str:
        """Send the example of the channel's message into its stream, and return the example's id."""
        example = self.example(channel)
        asyncio.run(self._send(self.address(channel, example, parameters), example))
        return str(example["headers"]["ce-id"])

    def ask(self, channel: str) -> tuple[str, Any]:
        """Ask the question of the channel; return the name of the message that answers, and the answer."""
        example = self.example(channel)
        reply = asyncio.run(self._ask(self.address(channel, example, {}), example))
        refused = "trackside-refused" in (reply.headers or {})
        messages = self.document["channels"][f"{channel}Answer"]["messages"]
        name = next(name for name in messages if (name == "QueryRefused") == refused)
        return name, json.loads(reply.data)

    def example(self, channel: str) -> Any:
        """Return the example of the one message of a channel."""
        (name,) = self.document["channels"][channel]["messages"]
        return self.document["components"]["messages"][name]["examples"][0]

    def address(self, channel: str, example: Any, parameters: dict[str, str]) -> str:
        """Return where an example is sent."""
        described = self.document["channels"][channel]
        field = described["parameters"]["key"]["location"].removeprefix("$message.payload#/")
        return str(described["address"]).format(key=example["payload"][field], **parameters)

    async def _send(self, address: str, example: Any) -> None:
        client = await nats.connect(self.url, nkeys_seed=self.key, inbox_prefix=self.inbox)
        data = json.dumps(example["payload"]).encode()
        await client.jetstream().publish(address, data, headers=example["headers"])
        await client.close()

    async def _ask(self, address: str, example: Any) -> Any:
        client = await nats.connect(self.url, nkeys_seed=self.key, inbox_prefix=self.inbox)
        data = json.dumps(example["payload"]).encode()
        reply = await client.request(address, data, timeout=20, headers=example["headers"])
        await client.close()
        return reply


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningPlatform]:
    platform = RunningPlatform.start(tmp_path_factory.mktemp("asyncapi") / "home")
    platform.ready()
    yield platform
    assert platform.stop() == 0


@pytest.fixture(scope="module")
def document(running: RunningPlatform) -> Any:
    return json.loads(running.run("contracts").stdout)


@pytest.fixture(scope="module")
def person(running: RunningPlatform, document: Any) -> Client:
    platform = running.platform()
    assert platform is not None
    inbox = document["x-trackside-identities"]["cli"]["inbox"].removesuffix(".>")
    return Client(platform.nats_url, str(running.home.seed("cli")), inbox, document)


@pytest.fixture(scope="module")
def publisher(running: RunningPlatform, document: Any) -> Client:
    sent = (name for name in document["operations"] if name.startswith("publisher.send."))
    may = ",".join(name.removeprefix("publisher.send.") for name in sent)
    card = running.json("publishers", "add", "lab", "--may", may)
    return Client(card["nats_url"], card["key"], card["inbox_prefix"], document)


@dataclass(frozen=True)
class Story:
    """All facts, as `trackside events --follow` prints them into a file."""

    printed: Path

    def facts(self) -> list[Any]:
        """Return the facts so far."""
        whole, _, _ = self.printed.read_text().rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]

    def of_type(self, kind: str) -> list[Any]:
        """Return the facts of a type so far."""
        return [fact for fact in self.facts() if fact["type"] == kind]

    def answer(self, message_id: str) -> str:
        """Return the type of the first fact that follows from what was sent under this id."""
        until(lambda: bool(self._following(message_id)), seconds=60)
        return self._following(message_id)[0]

    def _following(self, message_id: str) -> list[str]:
        return [fact["type"] for fact in self.facts() if fact["correlation_id"] == message_id]


@pytest.fixture(scope="module")
def story(running: RunningPlatform) -> Iterator[Story]:
    printed = running.home.root.parent / "events.jsonl"
    with printed.open("w") as file:
        follower = subprocess.Popen(
            [TRACKSIDE, "events", "--follow", "--json"], env=environment(running.home.root), stdout=file
        )
    yield Story(printed)
    follower.kill()
    follower.wait()


def test_every_order_from_outside_is_accepted_and_answered(
    running: RunningPlatform, story: Story, publisher: Client
) -> None:
    upload = publisher.example("RegisterDataset")["payload"]["upload"]
    file = Path(running.home.objects, upload)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEADER + ROWS)

    def ordered(command: str) -> str:
        return story.answer(publisher.send(f"{command}FromOutside", publisher="lab"))

    assert ordered("RegisterDataset") == "evt.ingest.dataset.registered.v1"
    assert ordered("SetTrigger") == "evt.scheduler.trigger.set.v1"
    assert ordered("StartExperiment") == "evt.training.experiment.started.v1"
    until(lambda: bool(story.of_type("evt.training.model.created.v1")), seconds=90)
    assert ordered("DeployModelVersion") == "evt.serving.deployment.ready.v1"
    assert ordered("CancelExperiment") == "evt.training.cancel.refused.v1"  # it was completed meanwhile
    assert ordered("RemoveTrigger") == "evt.scheduler.trigger.removed.v1"


def test_every_order_of_a_persons_own_is_accepted_and_answered(story: Story, person: Client) -> None:
    def ordered(command: str) -> str:
        return story.answer(person.send(command))

    assert ordered("AddPublisher") == "evt.ingest.publisher.added.v1"
    assert ordered("RevokePublisher") == "evt.ingest.publisher.revoked.v1"
    assert ordered("AddWebhook") == "evt.ingest.webhook.added.v1"
    assert ordered("ReplayWebhook") == "evt.ingest.webhook.replayed.v1"
    assert ordered("RemoveWebhook") == "evt.ingest.webhook.removed.v1"


def test_every_question_is_answered_as_the_document_says(person: Client) -> None:
    asked = [name for name in person.document["operations"] if name.startswith("cli.ask.")]
    assert asked
    for operation in asked:
        name, said = person.ask(operation.removeprefix("cli.ask."))
        validator(person.document, name).validate(said)


def test_every_fact_that_was_stated_is_as_the_document_says(story: Story, document: Any) -> None:
    names = {channel["title"]: name for name, channel in document["channels"].items()}
    stated = story.facts()
    assert len({fact["type"] for fact in stated}) > 10
    for fact in stated:
        validator(document, names[fact["type"]]).validate(fact["data"])


def validator(document: Any, message: str) -> Draft7Validator:
    payload = document["components"]["messages"][message]["payload"]
    return Draft7Validator({**payload, "components": document["components"]})
