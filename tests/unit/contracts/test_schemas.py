"""JSON Schemas carry the prose of the fields, and the schema of a message stands by itself."""

import pytest

from contracts.catalog import MESSAGES
from contracts.message import Message, Query, Value
from contracts.schemas import schema_of, schemas_of
from contracts.training import StartExperiment
from contracts.words import WORDS

ANSWERS = [message.answer for message in MESSAGES if issubclass(message, Query)]
MODELS: list[type[Value]] = [*MESSAGES, *ANSWERS]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_each_field_says_what_it_means(model: type[Value]) -> None:
    silent = [
        f"{name}.{field}"
        for name, schema in schemas_of([model], "#/{model}").items()
        for field, property_ in schema.get("properties", {}).items()
        if "description" not in property_
    ]
    assert silent == [], "say it below the field, or in contracts/words.py if the word means the same everywhere"


def test_a_word_is_explained_only_if_some_message_uses_it() -> None:
    named = schemas_of(MODELS, "#/{model}").values()
    used = {field for schema in named for field in schema.get("properties", {})}
    assert set(WORDS) - used == set()


def test_a_sentence_below_a_field_goes_before_the_word_in_general() -> None:
    template = schema_of(StartExperiment)["$defs"]["ExperimentTemplate"]["properties"]
    assert "``auto`` looks at the target's values" in template["task"]["description"]
    assert template["folds"]["description"] == WORDS["folds"]


def test_what_is_none_in_python_is_null_to_readers_of_json() -> None:
    described = schema_of(StartExperiment)["properties"]["dataset_version"]["description"]
    assert described == "The version's id; the latest if null."


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.__name__)
def test_a_schema_is_known_by_its_subject(message: type[Message]) -> None:
    assert schema_of(message)["$id"] == f"urn:trackside:{message.subject}"
