"""The AsyncAPI document says what the contracts say, and is what AsyncAPI 3.0 says that a document is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from contracts.asyncapi import document
from contracts.catalog import HEARS, MESSAGES
from contracts.identities import IDENTITIES, ORDERS
from contracts.message import Message, Query

DOCUMENT = document("1.2.3")
# The official JSON Schema of AsyncAPI 3.0.0, from @asyncapi/specs 6.11.1 on npm (Apache-2.0).
SCHEMA = Path(__file__).parent / "asyncapi-3.0.0.schema.json"


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    if isinstance(node, list):
        for value in node:
            yield from references(value)


def found(reference: str) -> Any:
    node: Any = DOCUMENT
    for step in reference.removeprefix("#/").split("/"):
        node = node[step]
    return node


def test_it_is_an_asyncapi_document() -> None:
    faults = Draft7Validator(json.loads(SCHEMA.read_text())).iter_errors(DOCUMENT)
    assert [(list(fault.path), fault.message[:200]) for fault in faults] == []


def test_a_misspelt_word_of_asyncapi_would_be_found() -> None:
    channels = {**DOCUMENT["channels"], "Odd": {"adress": "evt.odd"}}
    faults = Draft7Validator(json.loads(SCHEMA.read_text())).iter_errors({**DOCUMENT, "channels": channels})
    assert [list(fault.path) for fault in faults] == [["channels", "Odd"]]


def test_every_reference_leads_somewhere() -> None:
    for reference in set(references(DOCUMENT)):
        assert found(reference)


@pytest.mark.parametrize("name", DOCUMENT["components"]["messages"])
def test_an_example_is_what_its_schemas_say(name: str) -> None:
    message = DOCUMENT["components"]["messages"][name]
    for example in message.get("examples", ()):
        for part in ("headers", "payload"):
            if part in message and part in example:
                Draft7Validator({**message[part], "components": DOCUMENT["components"]}).validate(example[part])


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_each_message_has_a_channel_with_its_key(message: type[Message]) -> None:
    channel = DOCUMENT["channels"][message.__name__]
    assert channel["address"] == f"{message.subject}.{{key}}"
    assert channel["parameters"]["key"]["location"] == f"$message.payload#/{message.keyed_by}"


@pytest.mark.parametrize("name", IDENTITIES)
def test_an_identity_has_an_operation_for_each_thing_that_it_does_and_no_other(name: str) -> None:
    identity = IDENTITIES[name]
    heard = {*HEARS.get(name, ()), *identity.listens}
    expected = {
        *(f"{name}.send.{message.__name__}" for message in identity.says),
        *(f"{name}.receive.{message.__name__}" for message in heard),
        *(f"{name}.ask.{question.__name__}" for question in identity.asks),
        *(f"{name}.answer.{question.__name__}" for question in identity.answers),
        *([f"{name}.follow.Facts"] if identity.follows else []),
    }
    assert {operation for operation in DOCUMENT["operations"] if operation.split(".")[0] == name} == expected


def test_a_question_is_answered_in_the_askers_inbox() -> None:
    for message in MESSAGES:
        if issubclass(message, Query):
            reply = DOCUMENT["channels"][f"{message.__name__}Answer"]
            assert reply["address"] is None
            assert set(reply["messages"]) == {message.answer.__name__, "QueryRefused"}


def test_programs_outside_send_the_orders_and_nothing_else() -> None:
    sent = {name for name, operation in DOCUMENT["operations"].items() if name.startswith("publisher.send.")}
    assert sent == {f"publisher.send.{command.__name__}" for command in ORDERS}


def test_each_durable_that_feeds_a_channel_is_described() -> None:
    named = {
        durable for channel in DOCUMENT["channels"].values() for durable in channel.get("x-trackside-durables", ())
    }
    assert named == set(DOCUMENT["x-trackside-durables"])
