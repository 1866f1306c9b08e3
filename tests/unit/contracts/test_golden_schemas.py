"""A message that is out in the world keeps its shape: its schema is compared with the one that was recorded.

A new optional field keeps v1: record it with `make golden`. Anything else is v2, a new class beside v1, as
docs/evolving-messages.md says.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.catalog import SUBJECTS
from contracts.message import Message

GOLDEN = Path(__file__).parent / "golden"


def schema_of(message: type[Message]) -> dict[str, Any]:
    """Return the message's JSON Schema without its prose."""
    schema: dict[str, Any] = without_prose(message.model_json_schema())
    return {"subject": message.subject, "keyed_by": message.keyed_by, "schema": schema}


def without_prose(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: without_prose(value) for name, value in node.items() if name not in {"description", "title"}}
    if isinstance(node, list):
        return [without_prose(value) for value in node]
    return node


@pytest.mark.parametrize("message", SUBJECTS.all, ids=lambda message: message.__name__)
def test_a_message_has_the_shape_that_was_recorded(message: type[Message]) -> None:
    recorded = json.loads((GOLDEN / f"{message.subject}.json").read_text())
    assert recorded == schema_of(message)


def test_every_recorded_message_is_still_there() -> None:
    assert {file.stem for file in GOLDEN.glob("*.json")} == {message.subject for message in SUBJECTS.all}


def record() -> None:
    """Record every message as it is now."""
    GOLDEN.mkdir(exist_ok=True)
    for message in SUBJECTS.all:
        text = json.dumps(schema_of(message), indent=1, sort_keys=True)
        (GOLDEN / f"{message.subject}.json").write_text(text + "\n")


if __name__ == "__main__":
    record()
