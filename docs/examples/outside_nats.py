"""A publisher outside: it makes a file a dataset, races it, and prints the leaderboard, with nats-py and nothing else.

Let it in, and run it with the card that this prints::

    COMMANDS=RegisterDataset,StartExperiment FACTS=LeaderboardUpdated,ExperimentCancelled
    trackside publishers add lab --may $COMMANDS --hears $FACTS --json > lab.json
    pip install "nats-py[nkeys]"
    TOKEN=$(trackside token --scope upload) python outside_nats.py lab.json penguins.csv species --events URL

``URL`` is the event ingress, where the file goes: the bus carries no files. Without it the dataset must be there
already: ``python outside_nats.py lab.json penguins species``. It ends with 0 when the leaderboard is final, and with 1
when something was refused, or nobody answers.
"""

import argparse
import asyncio
import json
import os
import ssl
import sys
import urllib.request
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import nats
from nats.aio.client import Client
from nats.errors import TimeoutError as NothingCame

REGISTER = "cmd.ingest.dataset.register.v1"
START = "cmd.training.experiment.start.v1"
LEADERBOARD = "evt.evaluation.leaderboard.updated.v1"
CANCELLED = "evt.training.experiment.cancelled.v1"

_PATIENCE_SECONDS = 120.0


class Refused(Exception):
    """What was sent was not obeyed."""


@dataclass(frozen=True)
class Fact:
    """A fact, and what it follows from."""

    name: str
    story: str
    """The id of the event that began it all."""
    body: dict[str, Any]


class Publisher:
    """A connection that sends what its card allows, and hears what its card names."""

    def __init__(self, client: Client, card: dict[str, Any]) -> None:
        self._client = client
        self._stream = client.jetstream()
        self._card = card
        self._name: str = card["name"]

    @classmethod
    async def connected(cls, card: dict[str, Any]) -> Self:
        """Connect; answers come to an inbox of one's own, on which nobody else may listen."""
        client = await nats.connect(
            card["nats_url"],
            nkeys_seed=card["key"],
            name=card["name"],
            inbox_prefix=card["inbox_prefix"],
            tls=ssl.create_default_context(cadata=card["ca"]) if card["ca"] else None,
        )
        return cls(client, card)

    async def send(self, command: str, key: str, body: dict[str, Any]) -> str:
        """Send a command, as a CloudEvent in the binary mode, and return its id."""
        identity = str(uuid4())
        headers = {
            "ce-specversion": "1.0",
            "ce-id": identity,
            "ce-source": self._name,
            "ce-type": command,
            "ce-time": datetime.now(UTC).isoformat(),
            "content-type": "application/json",
            # Sent again under the same id, the message is stored once.
            "Nats-Msg-Id": identity,
        }
        await self._stream.publish(f"in.{self._name}.{command}.{key}", json.dumps(body).encode(), headers=headers)
        return identity

    async def story(self, identity: str) -> AsyncIterator[Fact]:
        """Yield what follows from the command of this id; raise Refused if it did not meet its contract."""
        facts = await self._stream.pull_subscribe_bind(consumer=self._card["durable"], stream=self._card["stream"])
        limit = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while asyncio.get_running_loop().time() < limit:
            try:
                (raw,) = await facts.fetch(1, timeout=1)
            except NothingCame:
                await self._check_admitted(identity)
                continue
            await raw.ack()
            name, story = raw.subject.rpartition(".")[0], (raw.headers or {}).get("trackside-correlation-id", "")
            if story == identity:
                yield Fact(name, story, json.loads(raw.data))
        raise Refused(f"Nothing was stated for {_PATIENCE_SECONDS:g} s. Do the services run? Try: trackside status")

    async def answer(self, identity: str) -> dict[str, Any]:
        """Return the fact that answers a command; raise Refused if it is a refusal."""
        fact = await anext(self.story(identity))
        if "cure" in fact.body:
            raise Refused(f"{fact.body['reason']}: {fact.body['cause']} {fact.body['cure']}")
        return fact.body

    async def close(self) -> None:
        """Disconnect."""
        await self._client.close()

    async def _check_admitted(self, identity: str) -> None:
        """Ask for the dead letter of this id, which nobody but its publisher may."""
        subject = f"$JS.API.DIRECT.GET.DEAD.dead.outside-{self._name}.{identity}"
        letter = await self._client.request(subject, timeout=2)
        if reason := (letter.headers or {}).get("trackside-dead-reason"):
            raise Refused(reason)


def uploaded(events_url: str, file: Path) -> str:
    """Send a file to the event ingress and return the key under which it lies."""
    with file.open("rb") as body:
        request = urllib.request.Request(f"{events_url}/uploads", data=body, method="POST")  # noqa: S310
        request.add_header("Authorization", f"Bearer {os.environ['TOKEN']}")
        request.add_header("Content-Length", str(file.stat().st_size))
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - the address that the caller named
            return str(json.load(answer)["upload"])


async def registered(publisher: Publisher, events_url: str, file: Path) -> str:
    """Make a file a dataset and return its name."""
    key, name = f"ing-{uuid4().hex[:12]}", file.stem
    upload = await asyncio.to_thread(uploaded, events_url, file)
    command = {"ingestion_id": key, "name": name, "upload": upload, "filename": file.name}
    dataset = await publisher.answer(await publisher.send(REGISTER, key, command))
    print(f"{name} is version {dataset['number']}: {dataset['rows']} rows", flush=True)
    return name


async def raced(publisher: Publisher, dataset: str, options: argparse.Namespace) -> dict[str, Any]:
    """Race a dataset and return the final leaderboard."""
    key = f"exp-{uuid4().hex[:12]}"
    template = {"target": options.target, "engine": options.engine, "folds": options.folds}
    command = {"experiment_id": key, "dataset": dataset, "template": template}
    identity = await publisher.send(START, key, command)
    started = await publisher.answer(identity)
    print(f"{key} has started: {started['fits']} fits", flush=True)
    async for fact in publisher.story(identity):
        if fact.name == LEADERBOARD and fact.body["final"]:
            return fact.body
        if fact.name == CANCELLED:
            break
    raise Refused("The race was cancelled.")


async def run(options: argparse.Namespace) -> int:
    """Register, race, print, and return the exit code."""
    publisher = await Publisher.connected(json.loads(options.card.read_text()))
    try:
        dataset = options.dataset
        if options.events:
            dataset = await registered(publisher, options.events, Path(dataset))
        board = await raced(publisher, dataset, options)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    finally:
        await publisher.close()
    for standing in board["standings"]:
        mean = standing["mean"]
        print(standing["place"], standing["name"], "-" if mean is None else f"{board['metric']} {mean:.4f}")
    return 0


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description="Make a file a dataset, race it, and print the leaderboard.")
    parser.add_argument("card", type=Path, help="what `trackside publishers add NAME ... --json` printed")
    parser.add_argument("dataset", help="a CSV file; without --events the name of a dataset that is registered")
    parser.add_argument("target", help="column to predict")
    parser.add_argument("--events", help="address of the event ingress; `trackside up` prints it")
    parser.add_argument("--engine", default="sklearn", choices=("pycaret", "sklearn"))
    parser.add_argument("--folds", default=5, type=int)
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
