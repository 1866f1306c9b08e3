"""The contracts as an AsyncAPI 3.0 document: what any program of any language needs to take part."""

from typing import Any

from contracts.asyncapi.channels import channels
from contracts.asyncapi.messages import component_messages, component_schemas
from contracts.asyncapi.operations import operations
from contracts.asyncapi.parties import durables, identities, streams

Document = dict[str, Any]

_ABOUT = """\
Trackside races models: a file becomes a dataset version, an experiment fits candidates fold by fold, the winner \
becomes a model version that answers over HTTP.

Messages are JSON on NATS, with CloudEvents 1.0 in binary mode. A subject is \
`<kind>.<context>.<entity>.<name>.v<N>.<key>`; `evt.*.*.*.*.<experiment_id>` is one experiment's whole story.

A program outside sends commands on `in.<publisher>.<subject of the command>`, with a key that a person made by \
`trackside publishers add`, and hears the facts that answer them by the durable consumer `outside-<publisher>` of the \
stream EVENTS. What does not meet its contract is kept in the stream DEAD with the reason.

Within `v1`, facts may get new optional fields: expect fields that you do not know. Commands refuse them."""


def document(version: str) -> Document:
    """Return the AsyncAPI document of this release."""
    return {
        "asyncapi": "3.0.0",
        "id": "urn:trackside",
        "info": {
            "title": "Trackside",
            "version": version,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {"bus": _server()},
        "channels": channels(),
        "operations": operations(),
        "components": {
            "schemas": component_schemas(),
            "messages": component_messages(),
            "securitySchemes": {"nkey": _security()},
        },
        "x-trackside-streams": streams(),
        "x-trackside-durables": durables(),
        "x-trackside-identities": identities(),
    }


def _server() -> Document:
    return {
        "host": "{host}:{port}",
        "protocol": "nats",
        "description": "nats-server with JetStream. Where it demands TLS, clients change to it before they sign.",
        "variables": {
            "host": {"default": "127.0.0.1", "description": "Where nats-server runs."},
            "port": {"default": "4222", "description": "The embedded platform takes a free one: `trackside status`."},
        },
        "security": [{"$ref": "#/components/securitySchemes/nkey"}],
        "bindings": {"nats": {}},
    }


def _security() -> Document:
    return {
        "type": "asymmetricEncryption",
        "description": (
            "An nkey (Ed25519): the seed signs nats-server's challenge and never leaves its owner. "
            "What a key may publish and subscribe to stands in `x-trackside-identities`; "
            "answers come to `_INBOX_<name>.>` only."
        ),
    }
