"""A recorded stream as a file: one message a line, as it lay in EVENTS."""

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
PREDICTIONS = "predictions"
VERSIONS = tuple(sorted(folder.parent.name for folder in FOLDER.glob("*/events.jsonl")))
"""The versions that were recorded."""


@dataclass(frozen=True)
class Recorded:
    """One message of the stream."""

    subject: str
    headers: dict[str, str]
    body: str
    """The body's own text, so that not even a space is lost."""


@dataclass(frozen=True)
class Answered:
    """What a question was answered."""

    question: str
    """Name of the question's class."""
    asked: dict[str, Any]
    answer: dict[str, Any]


def write(version: str, messages: list[Recorded], answers: list[Answered], predictions: Mapping[str, bytes]) -> Path:
    """Write a version's recording, and return its folder; ``predictions`` are objects by their keys."""
    folder = FOLDER / version
    shutil.rmtree(folder / PREDICTIONS, ignore_errors=True)
    (folder / PREDICTIONS).mkdir(parents=True)
    for key, held in predictions.items():
        (folder / key).write_bytes(held)
    lines = "".join(f"{json.dumps(asdict(message))}\n" for message in messages)
    (folder / "events.jsonl").write_text(lines)
    (folder / "answers.json").write_text(json.dumps([asdict(answer) for answer in answers], indent=1) + "\n")
    return folder


def messages_of(version: str) -> Iterator[Recorded]:
    """Yield the messages of a version's recording, in order."""
    for line in (FOLDER / version / "events.jsonl").read_text().splitlines():
        yield Recorded(**json.loads(line))


def answers_of(version: str) -> list[Answered]:
    """Return what the services of a version answered at the end of its recording."""
    return [Answered(**answer) for answer in json.loads((FOLDER / version / "answers.json").read_text())]


def put_predictions(version: str, objects: Path) -> None:
    """Copy what candidates answered in a version's recording to where objects are kept; none before it was recorded."""
    if (FOLDER / version / PREDICTIONS).is_dir():
        shutil.copytree(FOLDER / version / PREDICTIONS, objects / PREDICTIONS)
