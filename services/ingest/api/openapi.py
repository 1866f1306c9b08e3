"""The API as an OpenAPI document; the commands' schemas are those of their contracts."""

from functools import cache
from typing import Any

from contracts.identities import ORDERS
from contracts.message import Command
from services.ingest.api.openapi_lfs import SCHEMES, lfs_paths

_TEXT = {"type": "string"}
_FACT = "#/components/schemas/Fact"
_FAULT = "#/components/schemas/Fault"
_MODELS = "#/components/schemas/{model}"


@cache
def document() -> dict[str, Any]:
    """Return the document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Trackside event ingress",
            "version": "1",
            "description": "Commands from outside, as CloudEvents 1.0 over HTTP.",
        },
        "security": [{"token": []}],
        "paths": {**_paths(), **lfs_paths()},
        "components": {
            "schemas": {**_commands(), **_SHAPES},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}, **SCHEMES},
        },
    }


def _reply(description: str, ref: str = _FAULT, media: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {media: {"schema": {"$ref": ref}}}}


def _object(required: list[str], **properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def _parameter(place: str, name: str, description: str, *, required: bool = True, **schema: Any) -> dict[str, Any]:
    stated = schema or _TEXT
    return {"name": name, "in": place, "required": required, "schema": stated, "description": description}


_CLOSED = {
    "401": _reply("No token, or one that is not accepted."),
    "403": _reply("The token lacks a scope; the answer names it."),
    "429": _reply("The client came too often, or with too much at a time: come again after Retry-After."),
    "503": _reply("The issuer or the bus does not answer: come again."),
}
_WAIT = _parameter("query", "wait", "Seconds to wait.", required=False, type="integer", minimum=0, maximum=60)
_SHAPES: dict[str, Any] = {
    "Taken": _object(
        ["id", "type", "key", "answer", "facts"], id=_TEXT, type=_TEXT, key=_TEXT, answer=_TEXT, facts=_TEXT
    ),
    "Unanswered": _object(["answered"], answered={"const": False}),
    "Uploaded": _object(["upload", "bytes", "sha256"], upload=_TEXT, bytes={"type": "integer"}, sha256=_TEXT),
    "Fact": {
        **_object(
            ["specversion", "id", "source", "type", "subject", "time", "sequence", "data"],
            **dict.fromkeys(("specversion", "id", "source", "type", "subject", "time", "sequence"), _TEXT),
            data={"type": "object"},
        ),
        "description": "A CloudEvent; a refusal has reason, cause and cure in its data.",
    },
    "Facts": {"type": "array", "items": {"$ref": _FACT}},
    "Health": _object(["ready", "problems"], ready={"type": "boolean"}, problems={"type": "array", "items": _TEXT}),
    "Fault": _object(["error"], error=_object(["reason", "cause", "cure"], reason=_TEXT, cause=_TEXT, cure=_TEXT)),
}


def _commands() -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    for command in ORDERS:
        schema = command.model_json_schema(ref_template=_MODELS)
        schemas |= schema.pop("$defs", {})
        schemas[command.__name__] = schema
        schemas[f"{command.__name__}Event"] = _event(command)
    return schemas


def _event(command: type[Command]) -> dict[str, Any]:
    return _object(
        ["specversion", "id", "source", "type", "data"],
        specversion={"const": "1.0"},
        id={"type": "string", "minLength": 1, "maxLength": 256},
        source=_TEXT,
        type={"enum": [command.__name__, command.subject]},
        subject={"type": "string", "description": f"The command's {command.keyed_by}, if it is said at all."},
        time={"type": "string", "format": "date-time"},
        data={"$ref": _MODELS.format(model=command.__name__)},
    )


def _paths() -> dict[str, Any]:
    names = [command.__name__ for command in ORDERS]
    either = {"oneOf": [{"$ref": _MODELS.format(model=f"{name}Event")} for name in names]}
    bare = {"oneOf": [{"$ref": _MODELS.format(model=name)} for name in names]}
    health = {"200": _reply("Yes.", "#/components/schemas/Health"), "503": _reply("No.", "#/components/schemas/Health")}
    return {
        "/health": {"get": {"summary": "Do events go on?", "security": [], "responses": health}},
        "/events": {
            "post": {
                "summary": "Send a command",
                "description": "Binary mode: ce-specversion, ce-id, ce-source and ce-type stand in headers.",
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/cloudevents+json": {"schema": either},
                        "application/json": {"schema": bare},
                    },
                },
                "responses": {
                    "202": _reply("Stored for its owner; where to hear the answer.", "#/components/schemas/Taken"),
                    "400": _reply("It does not meet its contract, or is no command that may come from outside."),
                    "413": _reply("It is too long."),
                    "415": _reply("It is a batch, or no event in JSON."),
                    **_CLOSED,
                },
            }
        },
        "/events/{id}/answer": {
            "get": {
                "summary": "What became of an event of this client",
                "parameters": [
                    _parameter("path", "id", "The event's id."),
                    _parameter("query", "type", "The event's type.", enum=names),
                    _parameter("query", "key", "The command's key."),
                    _WAIT,
                ],
                "responses": {
                    "200": _reply("The fact that answers it.", _FACT, "application/cloudevents+json"),
                    "202": _reply("Not answered yet.", "#/components/schemas/Unanswered"),
                    "400": _reply("A parameter is missing or not what it should be."),
                    **_CLOSED,
                },
            }
        },
        "/facts/{key}": {
            "get": {
                "summary": "What was stated about a key, such as an experiment's",
                "parameters": [
                    _parameter("path", "key", "The key."),
                    _parameter("query", "after", "The sequence of the last fact that is known.", required=False),
                    _WAIT,
                ],
                "responses": {
                    "200": _reply(
                        "Facts in order, at most 256.",
                        "#/components/schemas/Facts",
                        "application/cloudevents-batch+json",
                    ),
                    "400": _reply("A parameter is not what it should be."),
                    **_CLOSED,
                },
            }
        },
        "/uploads": {
            "post": {
                "summary": "Store a file, which RegisterDataset then names",
                "requestBody": {"required": True, "content": {"application/octet-stream": {}}},
                "responses": {
                    "201": _reply("Where it lies.", "#/components/schemas/Uploaded"),
                    "413": _reply("It is too long."),
                    "415": _reply("It is a form, not a file."),
                    "507": _reply("There is no room for it."),
                    **_CLOSED,
                },
            }
        },
    }
