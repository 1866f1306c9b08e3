"""The headers that carry a message: CloudEvents 1.0 in binary mode, W3C trace context, and the thread of a story."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from contracts.message import Value


def _absent(schema: dict[str, Any]) -> None:
    """Let the schema say what is so of headers: one that is left out is not there, rather than null."""
    schema.pop("default", None)


OptionalHeader = Annotated[str | SkipJsonSchema[None], Field(json_schema_extra=_absent)]
"""A header that need not be there."""


class Headers(Value):
    """What travels beside a message; of a program outside only ``ce-id``, ``ce-source`` and ``ce-time`` are needed."""

    specversion: Literal["1.0"] = Field(default="1.0", alias="ce-specversion")
    """The version of CloudEvents."""
    id: str = Field(alias="ce-id", min_length=1)
    """The message's id: a message that comes again under the same id is handled once."""
    type: OptionalHeader = Field(default=None, alias="ce-type")
    """The subject without its key."""
    source: str = Field(alias="ce-source")
    """The process that sent it; of a publisher its name, whatever it said."""
    time: datetime = Field(alias="ce-time")
    """When it was sent, as RFC 3339."""
    key: OptionalHeader = Field(default=None, alias="ce-subject")
    """The key: whose story it belongs to."""
    content_type: Literal["application/json"] = Field(default="application/json", alias="content-type")
    """What the body is."""
    message_id: OptionalHeader = Field(default=None, alias="Nats-Msg-Id")
    """The same id, for nats-server: within half an hour it stores one message of an id."""
    correlation: OptionalHeader = Field(default=None, alias="trackside-correlation-id")
    """Id of the message that began the story; its own if absent."""
    causation: OptionalHeader = Field(default=None, alias="trackside-causation-id")
    """Id of the message that this one follows from; absent from the first of a story."""
    traceparent: OptionalHeader = None
    """W3C trace context of who sent it."""
    root: OptionalHeader = Field(default=None, alias="trackside-root")
    """W3C trace context of the story's beginning, below which commands hang."""


class DeadHeaders(Value):
    """What is put beside a message that was refused or could not be handled; its own headers stay."""

    reason: str = Field(alias="trackside-dead-reason")
    """Why, in one line."""
    original: str = Field(alias="trackside-dead-subject")
    """The subject that it was sent on."""
    message_id: str = Field(alias="Nats-Msg-Id")
    """The dead letter's own id."""
