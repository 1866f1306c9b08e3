"""Messages of the document: headers, payload by its schema, and the example."""

from typing import Any

from contracts.catalog import MESSAGES
from contracts.examples import EXAMPLES
from contracts.headers import DeadHeaders, Headers
from contracts.identities import IDENTITIES
from contracts.ids import derived
from contracts.message import Message, Query, QueryRefused, Value
from contracts.schemas import JsonSchema, schemas_of

DEAD_LETTER = "DeadLetter"

_PREFIX = "#/components/schemas/"
_TIME = "2026-11-25T00:44:17.926860+00:00"
_TRACE = "00-0f316f9dd344868c39893fe01691683a-5fcbde22e72eec1e-03"


def answers() -> tuple[type[Value], ...]:
    """Return what questions are answered with."""
    return tuple(message.answer for message in MESSAGES if issubclass(message, Query))


def component_schemas() -> dict[str, JsonSchema]:
    """Return the schema of each message, of each answer, and of what they consist of."""
    models: tuple[type[Value], ...] = (*MESSAGES, *answers(), QueryRefused, Headers, DeadHeaders)
    return schemas_of(models, _PREFIX + "{model}")


def component_messages() -> dict[str, Any]:
    """Return every message by the name of its class."""
    replies: tuple[type[Value], ...] = (*answers(), QueryRefused)
    return {
        **{message.__name__: _message(message) for message in MESSAGES},
        **{answer.__name__: _answer(answer) for answer in replies},
        DEAD_LETTER: {
            "name": DEAD_LETTER,
            "summary": "A message that was refused or could not be handled, bytes and headers as they came.",
            "headers": {"$ref": f"{_PREFIX}DeadHeaders"},
            "payload": {},
        },
    }


def _message(message: type[Message]) -> dict[str, Any]:
    return {
        "name": message.__name__,
        "title": message.subject,
        "summary": _summary(message),
        "contentType": "application/json",
        "headers": {"$ref": f"{_PREFIX}Headers"},
        "payload": {"$ref": f"{_PREFIX}{message.__name__}"},
        "correlationId": {
            "description": "The story that this message belongs to.",
            "location": "$message.header#/trackside-correlation-id",
        },
        "examples": [{"name": message.__name__, "headers": _headers(message), "payload": EXAMPLES[message]}],
    }


def _headers(message: type[Message]) -> dict[str, str]:
    """Return headers as they are on a message that begins a story; each example has an id of its own."""
    message_id = derived("example", message.subject)
    sayers = (name for name, identity in IDENTITIES.items() if message in (*identity.says, *identity.asks))
    return {
        "ce-specversion": "1.0",
        "ce-id": message_id,
        "ce-type": message.subject,
        "ce-source": next(sayers, message.context()),
        "ce-time": _TIME,
        "ce-subject": str(EXAMPLES[message][message.keyed_by]),
        "content-type": "application/json",
        "Nats-Msg-Id": message_id,
        "trackside-correlation-id": message_id,
        "traceparent": _TRACE,
        "trackside-root": _TRACE,
    }


def _answer(answer: type[Value]) -> dict[str, Any]:
    examples = [{"name": answer.__name__, "payload": EXAMPLES[answer]}] if answer in EXAMPLES else []
    return {
        "name": answer.__name__,
        "summary": _summary(answer),
        "contentType": "application/json",
        "payload": {"$ref": f"{_PREFIX}{answer.__name__}"},
        **({"examples": examples} if examples else {}),
    }


def _summary(model: type[Value]) -> str:
    return (model.__doc__ or "").partition("\n")[0]
