"""Operations of the document: what each party of the bus sends and receives, from its own point of view."""

from collections.abc import Iterator
from typing import Any

from contracts.asyncapi.channels import FACTS, PUBLISHER, durable_of, reference, reply, sent
from contracts.asyncapi.messages import DEAD_LETTER
from contracts.catalog import HEARS
from contracts.identities import IDENTITIES, ORDERS, Identity
from contracts.message import Message, Query
from contracts.streams import outside_durable

_OUTSIDE = "publisher"

Named = Iterator[tuple[str, dict[str, Any]]]


def operations() -> dict[str, Any]:
    """Return every operation by its name: ``<identity>.<verb>.<message>``."""
    named: dict[str, Any] = {}
    for name, identity in IDENTITIES.items():
        named |= dict(_of(name, identity))
    return named | dict(_publisher())


def _of(name: str, identity: Identity) -> Named:
    for message in identity.says:
        yield f"{name}.send.{message.__name__}", _operation(name, "send", message.__name__, message)
    for message in HEARS.get(name, ()):
        fed = {"x-trackside-durable": durable_of(name, message)}
        yield f"{name}.receive.{message.__name__}", _operation(name, "receive", message.__name__, message) | fed
    for message in identity.listens:
        if message not in HEARS.get(name, ()):
            yield f"{name}.receive.{message.__name__}", _operation(name, "receive", message.__name__, message)
    for question in identity.asks:
        yield f"{name}.ask.{question.__name__}", _operation(name, "send", question.__name__, question)
    for question in identity.answers:
        # Several processes of one role share the questions.
        shared = {"bindings": {"nats": {"queue": name}}}
        yield f"{name}.answer.{question.__name__}", _operation(name, "receive", question.__name__, question) | shared
    if identity.follows:
        yield f"{name}.follow.{FACTS}", _operation(name, "receive", FACTS)


def _publisher() -> Named:
    """Yield what programs outside do: each as far as its card says."""
    fed = {"x-trackside-durable": outside_durable(PUBLISHER)}
    for command in ORDERS:
        yield f"{_OUTSIDE}.send.{command.__name__}", _operation(_OUTSIDE, "send", sent(command), command)
    yield f"{_OUTSIDE}.receive.{FACTS}", _operation(_OUTSIDE, "receive", FACTS) | fed
    yield f"{_OUTSIDE}.receive.{DEAD_LETTER}", _operation(_OUTSIDE, "receive", DEAD_LETTER)


def _operation(name: str, action: str, channel: str, message: type[Message] | None = None) -> dict[str, Any]:
    operation: dict[str, Any] = {"action": action, "channel": reference(channel), "tags": [{"name": name}]}
    if message is not None:
        operation["messages"] = [{"$ref": f"#/channels/{channel}/messages/{message.__name__}"}]
        if issubclass(message, Query):
            operation["reply"] = {"channel": reference(reply(message))}
    return operation
