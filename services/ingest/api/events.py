"""A CloudEvent over HTTP, in the binary or in the structured mode, as a command and its envelope."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from contracts.errors import MalformedMessage
from contracts.grants import sending
from contracts.identities import ORDERS
from contracts.message import Command
from contracts.subjects import versions_of
from infra.bus import Envelope
from infra.bus.cloudevents import STRUCTURED, on_one_line, unfolded
from infra.bus.envelope import opened
from infra.clock import Clock
from infra.tokens import Caller
from services.ingest.api.refusals import CommandUnknown, EventMalformed, MediaTypeRefused

_NAMED = {
    name: (command, version)
    for command in ORDERS
    for version in versions_of(command)
    for name in (version.__name__, version.subject)
}
_JSON = re.compile(r"application/([a-z0-9.+-]+\+)?json")
_LONGEST_ID = 256


@dataclass(frozen=True)
class Received:
    """A command that meets its contract, and what its sender said about it."""

    command: Command
    envelope: Envelope


def received(headers: Mapping[str, str], body: bytes, caller: Caller, clock: Clock) -> Received:
    """Return the command that ``caller`` sends; an event without a time is of now.

    Raises:
        MediaTypeRefused: if it is a batch, or no event in JSON.
        CommandUnknown: if its type is no command that may come from outside.
        GrantMissing: if the caller may not send it.
        EventMalformed: naming what does not meet the contract.
    """
    try:
        attributes, data = _event(headers, body)
        if attributes.get("ce-specversion") != "1.0":
            raise MalformedMessage("event", "attribute ce-specversion is not 1.0")
        stated = attributes.get("ce-type", "")
        kind = command_of(stated)
        caller.need(sending(kind))
        version = _NAMED[stated][1]
        envelope = opened(version.subject, {"ce-time": clock().isoformat(), **attributes})
        if len(envelope.id) > _LONGEST_ID:
            raise MalformedMessage("event", f"attribute ce-id is longer than {_LONGEST_ID} characters")
        command = version.parse(data).newest()
        assert isinstance(command, kind)
        if attributes.get("ce-subject", command.key) != command.key:
            raise MalformedMessage("event", f"attribute ce-subject is not its {kind.keyed_by}, {command.key}")
    except MalformedMessage as malformed:
        raise EventMalformed(malformed.problem) from None
    return Received(command, envelope)


def command_of(stated: str) -> type[Command]:
    """Return the command of this name or subject, in its newest version.

    Raises:
        CommandUnknown: if none that may come from outside has it.
    """
    if stated not in _NAMED:
        raise CommandUnknown(stated, (command.__name__ for command in ORDERS))
    return _NAMED[stated][0]


def _event(headers: Mapping[str, str], body: bytes) -> tuple[dict[str, str], bytes]:
    stated = headers.get("content-type", "application/json")
    media = stated.partition(";")[0].strip().lower()
    if media == STRUCTURED:
        return unfolded("event", body)
    if media.startswith("application/cloudevents-batch"):
        raise MediaTypeRefused(stated, "Send each event of a batch by itself: each is answered by itself.")
    if media.startswith("application/cloudevents") or not _JSON.fullmatch(media):
        cure = f"Send a CloudEvent as {STRUCTURED}, or its data as application/json with ce- headers."
        raise MediaTypeRefused(stated, cure)
    # CloudEvents' HTTP binding has header values percent-encoded.
    named = {name: unquote(value) for name, value in headers.items() if name.startswith("ce-")}
    return on_one_line("event", named), body
