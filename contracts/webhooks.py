"""What ingest hears and says of webhooks: who is told which facts over HTTP, and how far that has come."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from contracts.ids import Name
from contracts.message import Command, Event, Query, Refused, Value

Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/?#@]+([/?][^\s#]*)?$", max_length=2000)]
"""An address without a user name or password in it: what is on the bus is no secret."""


class AddWebhook(Command):
    """Tell ``url`` every fact of the kinds ``hears`` from now on, in order, until it has answered each with 2xx."""

    subject: ClassVar[str] = "cmd.ingest.webhook.add.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name
    url: Url
    hears: tuple[str, ...] = Field(min_length=1)


class RemoveWebhook(Command):
    """Tell it no more."""

    subject: ClassVar[str] = "cmd.ingest.webhook.remove.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name


class ReplayWebhook(Command):
    """Tell it again everything from a place in the stream of facts on."""

    subject: ClassVar[str] = "cmd.ingest.webhook.replay.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name
    from_sequence: int = Field(ge=1)


class WebhookAdded(Event):
    """An address is told facts."""

    subject: ClassVar[str] = "evt.ingest.webhook.added.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name
    url: Url
    hears: tuple[str, ...]
    public_key: str
    """What its signatures are checked with: ``whpk_`` and an Ed25519 key in base64, as Standard Webhooks has it."""
    added_at: datetime


class WebhookRemoved(Event):
    """An address is told no more."""

    subject: ClassVar[str] = "evt.ingest.webhook.removed.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name


class WebhookReplayed(Event):
    """An address is told again, from a place in the stream on."""

    subject: ClassVar[str] = "evt.ingest.webhook.replayed.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name
    from_sequence: int


class WebhookRefused(Refused):
    """A webhook command was not obeyed."""

    subject: ClassVar[str] = "evt.ingest.webhook.refused.v1"
    keyed_by: ClassVar[str] = "name"

    name: Name


class Delivery(Value):
    """How one fact was told to one address."""

    sequence: int
    """The fact's place in the stream."""
    event_id: str
    type: str
    """The fact's subject without its key."""
    attempts: int
    status: int | None
    """What the address answered to the last attempt; None if it did not answer."""
    problem: str | None
    """Why the last attempt failed; None once it was told."""
    last_at: datetime


class WebhookSummary(Value):
    """One webhook, and how far it has come."""

    name: Name
    url: Url
    hears: tuple[str, ...]
    public_key: str
    told: int
    """Facts that the address has answered with 2xx, of those that the history still holds."""
    last: Delivery | None


class Webhooks(Value):
    """Every webhook, by name."""

    webhooks: tuple[WebhookSummary, ...]


class ListWebhooks(Query[Webhooks]):
    """Who is told what?"""

    subject: ClassVar[str] = "qry.ingest.webhook.list.v1"
    keyed_by: ClassVar[str] = "scope"
    answer: ClassVar[type[Value]] = Webhooks

    scope: Annotated[str, StringConstraints(pattern=r"^[a-z]+$")] = "all"


class Deliveries(Value):
    """The latest deliveries of one webhook, the last first."""

    deliveries: tuple[Delivery, ...]


class ListDeliveries(Query[Deliveries]):
    """What was this webhook told, and what did it answer?"""

    subject: ClassVar[str] = "qry.ingest.delivery.list.v1"
    keyed_by: ClassVar[str] = "name"
    answer: ClassVar[type[Value]] = Deliveries

    name: Name
