"""The Git LFS part of the OpenAPI document; what its questions hold stands in Git LFS's own specification."""

from typing import Any

from services.ingest.api.lfs_batch import MEDIA

_REPOSITORY = {
    "name": "repository",
    "in": "path",
    "required": True,
    "schema": {"type": "string"},
    "description": "The repository's name; it only tells requests apart.",
}
_OID = {
    "name": "oid",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
    "description": "The object's SHA-256.",
}
_FAULT = {
    "allOf": [
        {"$ref": "#/components/schemas/Fault"},
        {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}},
    ]
}
_OBJECT: dict[str, Any] = {MEDIA: {"schema": {"type": "object"}}}
_BYTES: dict[str, Any] = {"application/octet-stream": {}}
_PASS: dict[str, Any] = {"security": [{"pass": []}], "parameters": [_REPOSITORY]}
_TOKEN: dict[str, Any] = {"security": [{"token": []}, {"password": []}], "parameters": [_REPOSITORY]}

SCHEMES = {
    "password": {"type": "http", "scheme": "basic", "description": "The token as the password; any user."},
    "pass": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "What the batch's answer says in the action's header.",
    },
}
"""How a client of Git LFS proves itself."""


def lfs_paths() -> dict[str, Any]:
    """Return the routes of Git LFS."""
    asking: dict[str, Any] = {"required": True, "content": _OBJECT}
    moving = {"parameters": [_REPOSITORY, _OID], "security": [{"pass": []}]}
    sent = {**_says("200", "It is stored.", {}), **_refused("403", "404", "413", "422", "429", "507")}
    given = {**_says("200", "All of it.", _BYTES), **_says("206", "A part of it.", _BYTES)}
    batch = {**_says("200", "How each is had or sent.", _OBJECT), **_refused("401", "403", "413", "422", "429")}
    return {
        "/lfs/{repository}/objects/batch": {
            "post": {
                "summary": "Git LFS: where are these objects?",
                **_TOKEN,
                "requestBody": asking,
                "responses": batch,
            }
        },
        "/lfs/{repository}/locks/verify": {
            "post": {
                "summary": "Git LFS: who has locked a file? Nobody",
                **_TOKEN,
                "responses": {**_says("200", "No locks.", _OBJECT), **_refused("401", "403", "429")},
            }
        },
        "/lfs/{repository}/objects/{oid}": {
            "put": {
                "summary": "Git LFS: send an object",
                **moving,
                "requestBody": {"required": True, "content": _BYTES},
                "responses": sent,
            },
            "get": {
                "summary": "Git LFS: have an object, or a part by Range",
                **moving,
                "responses": {**given, **_refused("403", "404", "416")},
            },
        },
        "/lfs/{repository}/verify": {
            "post": {
                "summary": "Git LFS: did an object arrive?",
                **_PASS,
                "requestBody": asking,
                "responses": {**_says("200", "Yes.", _OBJECT), **_refused("403", "404", "422")},
            }
        },
    }


def _says(status: str, description: str, content: dict[str, Any]) -> dict[str, Any]:
    return {status: {"description": description, "content": content}}


def _refused(*statuses: str) -> dict[str, Any]:
    return {
        status: {"description": "Not done; message says why.", "content": {MEDIA: {"schema": _FAULT}}}
        for status in statuses
    }
