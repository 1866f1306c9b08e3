"""A type in JSON Schema as people read it."""

from typing import Any, get_args

from contracts.ids import Digest, Key, Name

_PART = "#/"
_PLAIN = {"string": "text", "integer": "integer", "number": "number", "boolean": "true or false", "null": "null"}
_FORMATS = {"date-time": "time (RFC 3339)"}


def pattern_of(shape: Any) -> str:
    """Return the regular expression that an identifier of this shape matches."""
    return str(get_args(shape)[1].pattern)


_SHAPES = {pattern_of(Key): "key", pattern_of(Name): "name", pattern_of(Digest): "SHA-256 in hex"}

REFERENCES = _PART + "{model}"
"""How the schemas that this module reads refer to each other."""


def type_of(schema: dict[str, Any]) -> str:
    """Return a property's type, with links to the parts that it consists of.

    >>> type_of({"type": "array", "items": {"$ref": "#/Column"}})
    'list of [Column](#column)'
    >>> type_of({"anyOf": [{"type": "number"}, {"type": "null"}]})
    'number or null'
    """
    if "$ref" in schema:
        part = schema["$ref"].removeprefix(_PART)
        return f"[{part}](#{part.lower()})"
    if "allOf" in schema:
        return type_of(schema["allOf"][0])
    if "anyOf" in schema:
        return " or ".join(type_of(choice) for choice in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " or ".join(f"`{value}`" for value in schema.get("enum", [schema.get("const")]))
    return _SHAPES.get(schema.get("pattern", "")) or _collected(schema) + _bounds(schema)


def parts_of(schema: Any) -> list[str]:
    """Return the names of the parts that a schema refers to, in the order in which it does."""
    if isinstance(schema, dict):
        own = [schema["$ref"].removeprefix(_PART)] if "$ref" in schema else []
        return own + [part for value in schema.values() for part in parts_of(value)]
    return [part for value in schema for part in parts_of(value)] if isinstance(schema, list) else []


def _collected(schema: dict[str, Any]) -> str:
    if schema["type"] == "array":
        return f"list of {type_of(schema['items'])}"
    if schema["type"] == "object":
        return f"object of {type_of(schema['additionalProperties'])}"
    return _FORMATS.get(schema.get("format", ""), _PLAIN[schema["type"]])


def _bounds(schema: dict[str, Any]) -> str:
    found = {
        "pattern": "matching `{}`",
        "minimum": "at least {}",
        "exclusiveMinimum": "over {}",
        "maximum": "at most {}",
        "exclusiveMaximum": "under {}",
        "minItems": "at least {}",
        "maxLength": "at most {} characters",
    }
    said = [words.format(f"{schema[name]}") for name, words in found.items() if name in schema]
    return f", {', '.join(said)}" if said else ""
