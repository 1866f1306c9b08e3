"""Channels of the document: one for each subject, and those of programs outside."""

from typing import Any

from contracts.asyncapi.messages import DEAD_LETTER
from contracts.catalog import HEARS, MESSAGES, URGENT
from contracts.identities import ORDERS
from contracts.message import Alarm, Command, Event, Message, Query
from contracts.streams import (
    COMMANDS,
    DEAD,
    DOOR,
    EVENTS,
    SCHEDULES,
    alarm_durable,
    arrivals,
    command_durable,
    fact_durable,
    outside_durable,
    urgent_durable,
)

FACTS = "Facts"
"""The channel of all facts."""
PUBLISHER = "{publisher}"
"""What stands in the place of a publisher's name."""


def channels() -> dict[str, Any]:
    """Return every channel by its name."""
    return {
        **{message.__name__: _channel(message) for message in MESSAGES},
        **{reply(message): _reply(message) for message in MESSAGES if issubclass(message, Query)},
        **{sent(command): _sent(command) for command in ORDERS},
        FACTS: _facts(),
        DEAD_LETTER: _dead(),
    }


def reference(channel: str) -> dict[str, str]:
    """Return a reference to a channel of the document."""
    return {"$ref": f"#/channels/{channel}"}


def reply(question: type[Query[Any]]) -> str:
    """Return the name of the channel on which ``question`` is answered."""
    return f"{question.__name__}Answer"


def sent(command: type[Command]) -> str:
    """Return the name of the channel on which a publisher sends ``command``."""
    return f"{command.__name__}FromOutside"


def durable_of(role: str, message: type[Message]) -> str:
    """Return the name of the durable that gives ``message`` to ``role``."""
    if issubclass(message, Alarm):
        return alarm_durable(role)
    if message in URGENT:
        return urgent_durable(role)
    return command_durable(role) if issubclass(message, Command) else fact_durable(role)


def _channel(message: type[Message]) -> dict[str, Any]:
    kept = {Event: EVENTS, Command: COMMANDS, Alarm: SCHEDULES}
    stream = next((stream for kind, stream in kept.items() if issubclass(message, kind)), None)
    hearing = [durable_of(role, message) for role, heard in HEARS.items() if message in heard]
    return {
        "address": f"{message.subject}.{{key}}",
        "title": message.subject,
        "messages": _messages(message.__name__),
        "parameters": {"key": _key(message)},
        "tags": [{"name": message.context()}, {"name": message.subject.partition(".")[0]}],
        **({"x-trackside-stream": stream, "x-trackside-durables": hearing} if stream else {}),
        **_answered(message),
    }


def _answered(message: type[Message]) -> dict[str, list[str]]:
    """Return the facts that answer an order, all under its key."""
    facts = ORDERS.get(message, ()) if issubclass(message, Command) else ()
    return {"x-trackside-answered-by": [fact.__name__ for fact in facts]} if facts else {}


def _key(message: type[Message]) -> dict[str, str]:
    return {
        "description": f"The message's `{message.keyed_by}`: one token of letters, digits, `_` and `-`.",
        "location": f"$message.payload#/{message.keyed_by}",
    }


def _reply(question: type[Query[Any]]) -> dict[str, Any]:
    return {
        "address": None,
        "title": f"The inbox of who asked {question.__name__}",
        "messages": _messages(question.answer.__name__, "QueryRefused"),
    }


def _sent(command: type[Command]) -> dict[str, Any]:
    return {
        "address": f"in.{PUBLISHER}.{command.subject}.{{key}}",
        "title": f"{command.__name__}, sent by a program outside",
        "messages": _messages(command.__name__),
        "parameters": {"publisher": _publisher(), "key": _key(command)},
        "tags": [{"name": "outside"}],
        "x-trackside-stream": arrivals(PUBLISHER),
        "x-trackside-durables": [DOOR],
        **_answered(command),
    }


def _facts() -> dict[str, Any]:
    facts = [message.__name__ for message in MESSAGES if issubclass(message, Event)]
    parts = {"context": "Who states it.", "entity": "What it is about.", "name": "What happened.", "version": "`v1`."}
    return {
        "address": "evt.{context}.{entity}.{name}.{version}.{key}",
        "title": "All facts, in the order in which they were stated",
        "messages": _messages(*facts),
        "parameters": {
            **{name: {"description": what} for name, what in parts.items()},
            "key": {"description": "Whose story; for the facts of an experiment its id."},
        },
        "x-trackside-stream": EVENTS,
    }


def _dead() -> dict[str, Any]:
    address = f"dead.{outside_durable(PUBLISHER)}.{{id}}"
    return {
        "address": address,
        "title": "Why a publisher's message was refused",
        "description": f"Asked for by its subject: `$JS.API.DIRECT.GET.{DEAD}.{address}`.",
        "messages": _messages(DEAD_LETTER),
        "parameters": {"publisher": _publisher(), "id": {"description": "The `ce-id` that the publisher gave."}},
        "tags": [{"name": "outside"}],
        "x-trackside-stream": DEAD,
    }


def _publisher() -> dict[str, str]:
    return {"description": "The publisher's name, as in `trackside publishers add NAME`."}


def _messages(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in names}
