"""What ingest hears and says of outside publishers: who is let in, and what they may send.

A publisher sends its commands on ``in.<name>.<address of the command>``, into a stream of its own that nats-server
bounds. What meets its contract goes on to the command's owner; what does not is kept in DEAD with the reason, on
``dead.outside-<name>.<id>``, which the publisher may read.
"""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from contracts.ids import Name
from contracts.message import Command, Event, Query, Refused, Value

PublicKey = Annotated[str, StringConstraints(pattern=r"^U[A-Z2-7]{55}$")]
"""The public half of a user's nkey; the seed never leaves its owner."""


class Limits(Value):
    """What one publisher may send; nats-server enforces size and backlog, and the door reads at the rate."""

    rate: float = Field(default=50.0, gt=0, le=10_000)
    """Messages a second that go on to their owners; more wait."""
    size: int = Field(default=65_536, ge=256, le=1_048_576)
    """Bytes of one message with its headers; a larger one is refused when it is sent."""
    backlog: int = Field(default=10_000, ge=1, le=1_000_000)
    """Messages that may wait; one more is refused when it is sent."""


class AddPublisher(Command):
    """Let a program outside send the commands ``may``, by name, and hear the facts that answer them and ``hears``."""

    subject: ClassVar[str] = "cmd.ingest.publisher.add.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name
    """The publisher's name; in its subjects, too."""
    nkey: PublicKey
    may: tuple[str, ...] = Field(min_length=1)
    """Names of the commands that it may send."""
    hears: tuple[str, ...] = ()
    """Names of further facts that it hears."""
    limits: Limits = Limits()


class RevokePublisher(Command):
    """Shut a publisher out, at once; what it sent before goes on."""

    subject: ClassVar[str] = "cmd.ingest.publisher.revoke.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name


class PublisherAdded(Event):
    """A program outside may send these commands and hear these facts."""

    subject: ClassVar[str] = "evt.ingest.publisher.added.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name
    nkey: PublicKey
    may: tuple[str, ...]
    """Names of the commands that it may send."""
    hears: tuple[str, ...]
    """Those that answer its commands included."""
    limits: Limits
    added_at: datetime


class PublisherRevoked(Event):
    """A publisher is shut out."""

    subject: ClassVar[str] = "evt.ingest.publisher.revoked.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name


class PublisherRefused(Refused):
    """A publisher was not added, or not revoked."""

    subject: ClassVar[str] = "evt.ingest.publisher.refused.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name


class Publishers(Value):
    """Every publisher that is let in, by name."""

    publishers: tuple[PublisherAdded, ...]
    """One by one."""


class ListPublishers(Query[Publishers]):
    """Who is let in?"""

    subject: ClassVar[str] = "qry.ingest.publisher.list.v1"
    keyed_by: ClassVar[str] = "scope"
    answer: ClassVar[type[Value]] = Publishers

    scope: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")] = "all"
