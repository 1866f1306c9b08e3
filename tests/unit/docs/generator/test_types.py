"""A type in JSON Schema as people read it."""

from typing import Any

import pytest

from docs.generator.types import parts_of, type_of


@pytest.mark.parametrize(
    ("schema", "read"),
    [
        ({"type": "integer", "minimum": 2, "maximum": 100}, "integer, at least 2, at most 100"),
        ({"type": "string", "format": "date-time"}, "time (RFC 3339)"),
        ({"type": "string", "pattern": "^[A-Za-z0-9_-]{1,128}$"}, "key"),
        ({"type": "object", "additionalProperties": {"type": "number"}}, "object of number"),
        (
            {"anyOf": [{"type": "array", "items": {"$ref": "#/Column"}}, {"type": "null"}]},
            "list of [Column](#column) or null",
        ),
        ({"allOf": [{"$ref": "#/Plan"}], "description": "What."}, "[Plan](#plan)"),
        ({"enum": ["auto", "regression"], "type": "string"}, "`auto` or `regression`"),
        ({"const": "1.0", "type": "string"}, "`1.0`"),
    ],
)
def test_a_type_is_said_in_words(schema: dict[str, Any], read: str) -> None:
    assert type_of(schema) == read


def test_parts_are_named_wherever_they_stand() -> None:
    assert parts_of([{"items": {"$ref": "#/A"}}, {"anyOf": [{"$ref": "#/B"}]}]) == ["A", "B"]
