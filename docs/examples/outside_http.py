"""A program outside, over HTTP: a file becomes a dataset and is raced, by events of the CloudEvents SDK.

Run it against the event ingress whose address ``trackside up`` prints::

    pip install "cloudevents>=2.2"
    export TOKEN=$(trackside token --scope upload,hear,send:RegisterDataset,send:StartExperiment)
    python outside_http.py http://127.0.0.1:PORT penguins.csv species

It ends with 0 when the leaderboard is final, and with 1 when something was refused, or nobody answers.
"""

import argparse
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO
from uuid import uuid4

from cloudevents.core.bindings.http import HTTPMessage, from_http_event, to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

LEADERBOARD = "evt.evaluation.leaderboard.updated.v1"
CANCELLED = "evt.training.experiment.cancelled.v1"

_WAIT_SECONDS = 30
_TRIES = 10


class Refused(Exception):
    """What was sent was not obeyed."""


class Ingress:
    """The event ingress, as one client sees it."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        self._token = token

    def upload(self, file: Path) -> str:
        """Send a file and return the key under which it lies."""
        with file.open("rb") as body:
            answer = self._ask("/uploads", body, {"Content-Length": str(file.stat().st_size)})
        return str(json.loads(answer.body)["upload"])

    def obeyed(self, message: HTTPMessage) -> dict[str, Any]:
        """Send an event and return the fact that answers it; raise Refused if it is a refusal."""
        taken = json.loads(self._ask("/events", message.body, message.headers).body)
        for _ in range(_TRIES):
            answer = self._ask(f"{taken['answer']}&wait={_WAIT_SECONDS}")
            if answer.headers["content-type"].startswith("application/cloudevents"):
                fact = from_http_event(answer).get_data()
                assert isinstance(fact, dict)
                if "cure" in fact:
                    raise Refused(f"{fact['reason']}: {fact['cause']} {fact['cure']}")
                return fact
        raise Refused("Nobody answers. Do the services run? Try: trackside status")

    def facts(self, key: str) -> Iterator[dict[str, Any]]:
        """Yield what is stated about a key, each fact a CloudEvent, for as long as something is."""
        after = "0"
        while told := json.loads(self._ask(f"/facts/{key}?after={after}&wait={_WAIT_SECONDS}").body):
            yield from told
            after = told[-1]["sequence"]

    def _ask(
        self, path: str, body: bytes | BinaryIO | None = None, headers: Mapping[str, str] | None = None
    ) -> HTTPMessage:
        # In the binary mode the SDK says nothing of the data's type; urllib would call it a form.
        stated = {"content-type": "application/json", **(headers or {}), "authorization": f"Bearer {self._token}"}
        request = urllib.request.Request(self._url + path, data=body, headers=stated)  # noqa: S310
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310 - the address that the caller named
                return HTTPMessage({name.lower(): value for name, value in answer.headers.items()}, answer.read())
        except urllib.error.HTTPError as error:
            said = json.load(error)["error"]
            raise Refused(f"{error.code} {said['reason']}: {said['cause']} {said['cure']}") from None


def registered(ingress: Ingress, file: Path) -> str:
    """Make a file a dataset, by an event in the structured mode, and return its name."""
    name, upload = file.stem, ingress.upload(file)
    command = {"ingestion_id": f"ing-{uuid4().hex[:12]}", "name": name, "upload": upload, "filename": file.name}
    event = CloudEvent({"type": "RegisterDataset", "source": "/outside/http"}, command)
    dataset = ingress.obeyed(to_structured_event(event))
    print(f"{name} is version {dataset['number']}: {dataset['rows']} rows", flush=True)
    return name


def raced(ingress: Ingress, dataset: str, options: argparse.Namespace) -> dict[str, Any]:
    """Race a dataset, by an event in the binary mode, and return the final leaderboard."""
    key = f"exp-{uuid4().hex[:12]}"
    template = {"target": options.target, "engine": options.engine, "folds": options.folds}
    command = {"experiment_id": key, "dataset": dataset, "template": template}
    event = CloudEvent({"type": "StartExperiment", "source": "/outside/http"}, command)
    started = ingress.obeyed(to_binary_event(event))
    print(f"{key} has started: {started['fits']} fits", flush=True)
    for fact in ingress.facts(key):
        if fact["type"] == LEADERBOARD and fact["data"]["final"]:
            board: dict[str, Any] = fact["data"]
            return board
        if fact["type"] == CANCELLED:
            raise Refused("The race was cancelled.")
    raise Refused(f"Nothing was stated for {_WAIT_SECONDS} s. Do the services run? Try: trackside status")


def main() -> int:
    """Read the command line, register, race, print, and return the exit code."""
    parser = argparse.ArgumentParser(description="Make a file a dataset, race it, and print the leaderboard.")
    parser.add_argument("events", help="address of the event ingress; `trackside up` prints it")
    parser.add_argument("file", type=Path, help="a CSV file")
    parser.add_argument("target", help="column to predict")
    parser.add_argument("--engine", default="sklearn", choices=("pycaret", "sklearn"))
    parser.add_argument("--folds", default=5, type=int)
    options = parser.parse_args()
    ingress = Ingress(options.events, os.environ["TOKEN"])
    try:
        board = raced(ingress, registered(ingress, options.file), options)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    for standing in board["standings"]:
        mean = standing["mean"]
        print(standing["place"], standing["name"], "-" if mean is None else f"{board['metric']} {mean:.4f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
