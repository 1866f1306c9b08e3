"""Every message has an example, and its own contract accepts it."""

import json

import pytest

from contracts.catalog import MESSAGES
from contracts.examples import EXAMPLES
from contracts.message import Message, Query, Value

ANSWERS = [message.answer for message in MESSAGES if issubclass(message, Query)]


def test_there_is_an_example_of_each_message_and_each_answer() -> None:
    assert set(EXAMPLES) == {*MESSAGES, *ANSWERS}, "it belongs into contracts/examples"


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_a_contract_accepts_its_example(message: type[Message]) -> None:
    parsed = message.parse(json.dumps(EXAMPLES[message]).encode())
    assert parsed.address == f"{message.subject}.{EXAMPLES[message][message.keyed_by]}"


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda answer: answer.__name__)
def test_an_answer_is_as_its_contract_says(answer: type[Value]) -> None:
    answer.model_validate_json(json.dumps(EXAMPLES[answer]))


@pytest.mark.parametrize("model", EXAMPLES, ids=lambda model: model.__name__)
def test_an_example_names_no_field_that_its_contract_has_not(model: type[Value]) -> None:
    assert set(EXAMPLES[model]) <= set(model.model_fields)
