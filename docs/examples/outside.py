"""A program from outside: it starts a race over the bus and prints what follows, with nats-py and nothing else.

Run it against the platform that ``trackside up`` started, with the key that was made for programs like this one::

    pip install "nats-py[nkeys]"
    python outside.py penguins species --nats nats://127.0.0.1:PORT --seed ~/.trackside/keys/outside.nk

It ends with 0 when the experiment has completed, and with 1 when it was refused, was cancelled, or nobody answers.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import nats
from nats.errors import TimeoutError as NothingCame
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.client import JetStreamContext

START = "cmd.training.experiment.start.v1"
COMPLETED = "evt.training.experiment.completed.v1"
ENDINGS = {COMPLETED, "evt.training.experiment.cancelled.v1", "evt.training.experiment.refused.v1"}

Fact = tuple[str, dict[str, Any]]


def headers(subject: str, key: str) -> dict[str, str]:
    """Return the envelope of a new message: CloudEvents 1.0 in binary mode."""
    message_id = str(uuid4())
    return {
        "ce-specversion": "1.0",
        "ce-id": message_id,
        "ce-type": subject,
        "ce-source": "outside",
        "ce-time": datetime.now(UTC).isoformat(),
        "ce-subject": key,
        "content-type": "application/json",
        # Sent again under the same id, the message is stored once.
        "Nats-Msg-Id": message_id,
    }


async def race(stream: JetStreamContext, command: dict[str, Any]) -> AsyncIterator[Fact]:
    """Send a StartExperiment and yield what is stated about it, until the experiment has ended."""
    key = command["experiment_id"]
    # Whoever sends a command makes its key, and listens on it before sending: so no answer can be missed.
    listening = ConsumerConfig(deliver_policy=DeliverPolicy.NEW, ack_policy=AckPolicy.NONE, inactive_threshold=60)
    facts = await stream.pull_subscribe(f"evt.*.*.*.*.{key}", stream="EVENTS", config=listening)
    await stream.publish(f"{START}.{key}", json.dumps(command).encode(), stream="COMMANDS", headers=headers(START, key))
    name = ""
    while name not in ENDINGS:
        (message,) = await facts.fetch(1, timeout=60)
        name = message.subject.removesuffix(f".{key}")
        yield name, json.loads(message.data)


async def run(options: argparse.Namespace) -> int:
    """Race, print each fact, and return the exit code."""
    template = {"target": options.target, "engine": options.engine, "folds": options.folds}
    command = {"experiment_id": f"exp-{uuid4().hex[:12]}", "dataset": options.dataset, "template": template}
    # Answers come to an inbox of one's own, on which no other program may listen.
    client = await nats.connect(
        options.nats, nkeys_seed=str(options.seed), name="outside", inbox_prefix="_INBOX_outside"
    )
    name = ""
    try:
        async for name, fact in race(client.jetstream(), command):
            print(name, json.dumps(fact), flush=True)
    except NothingCame:
        print("Nothing was stated for 60 s. Do the services run? Try: trackside status", file=sys.stderr)
        return 1
    finally:
        await client.close()
    return 0 if name == COMPLETED else 1


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description="Start a race over the bus, and print what is stated about it.")
    parser.add_argument("dataset", help="name of a dataset that is registered")
    parser.add_argument("target", help="column to predict")
    parser.add_argument("--nats", required=True, help="address of nats-server; `trackside up` prints it")
    parser.add_argument("--seed", required=True, type=Path, help="file with the nkey seed, keys/outside.nk")
    parser.add_argument("--engine", default="sklearn", choices=("pycaret", "sklearn"))
    parser.add_argument("--folds", default=5, type=int)
    return asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
