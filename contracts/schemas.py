"""JSON Schemas of messages, with the sentences that stand below their fields."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from contracts.message import Message
from contracts.prose import field_prose
from contracts.words import WORDS

JsonSchema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Described(GenerateJsonSchema):
    """Pydantic's own generator, and the prose of the fields in the place of titles made from their names."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - pydantic calls it
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        described = super().model_schema(schema)
        model = schema["cls"]
        said = {**WORDS, **field_prose(model)}
        for name, field in model.model_fields.items():
            alias = field.alias or name
            described["properties"][alias] = _with_description(described["properties"][alias], said.get(name, ""))
        return described


def schema_of(message: type[Message]) -> JsonSchema:
    """Return the schema of one message that stands by itself."""
    schema = message.model_json_schema(schema_generator=_Described)
    return {"$schema": _DIALECT, "$id": f"urn:trackside:{message.subject}", **schema}


def schemas_of(models: Iterable[type[BaseModel]], references: str) -> dict[str, JsonSchema]:
    """Return the schemas of ``models`` and of all that they consist of, by name; ``references`` says where they stand.

    >>> from contracts.training import Candidate
    >>> list(schemas_of([Candidate], "#/{model}"))
    ['Candidate']
    """
    _, collected = models_json_schema(
        [(model, "validation") for model in models], ref_template=references, schema_generator=_Described
    )
    named: dict[str, JsonSchema] = collected["$defs"]
    return named


def _with_description(property_: JsonSchema, sentence: str) -> JsonSchema:
    """Return a property with its sentence; beside a reference older readers of JSON Schema would not see it."""
    if not sentence:
        return property_
    described = {"allOf": [property_]} if "$ref" in property_ else property_
    # Sentences stand in Python, and readers of a schema have JSON.
    return {**described, "description": " ".join(sentence.split()).replace("None", "null")}
