"""Who is let in from outside: message in, domain, messages out."""

from typing import Protocol

from contracts.errors import Refusal
from contracts.message import Message
from contracts.publishers import (
    AddPublisher,
    ListPublishers,
    PublisherAdded,
    PublisherRefused,
    PublisherRevoked,
    Publishers,
    RevokePublisher,
)
from infra.clock import Clock
from services.ingest.domain.errors import UnknownPublisher
from services.ingest.domain.publisher import added


class Cards(Protocol):
    """Every publisher that is let in."""

    def all(self) -> list[PublisherAdded]:
        """Return them by name."""

    def put(self, card: PublisherAdded) -> None:
        """Remember one."""

    def drop(self, name: str) -> bool:
        """Forget one; return whether it was there."""


def add_publisher(command: AddPublisher, cards: Cards, clock: Clock) -> list[Message]:
    """Let a program in, or say why not."""
    try:
        card = added(command, cards.all(), clock())
    except Refusal as refusal:
        return [_refused(command.name, refusal)]
    cards.put(card)
    return [card]


def revoke_publisher(command: RevokePublisher, cards: Cards) -> list[Message]:
    """Shut a program out; the door does so when it hears the fact."""
    if not cards.drop(command.name):
        return [_refused(command.name, UnknownPublisher(command.name))]
    return [PublisherRevoked(name=command.name)]


def remember_publisher(event: PublisherAdded | PublisherRevoked, cards: Cards) -> list[Message]:
    """Rebuild the state from what this service once said."""
    if isinstance(event, PublisherAdded):
        cards.put(event)
    else:
        cards.drop(event.name)
    return []


def list_publishers(_query: ListPublishers, cards: Cards) -> Publishers:
    """Tell who is let in."""
    return Publishers(publishers=tuple(cards.all()))


def _refused(name: str, refusal: Refusal) -> PublisherRefused:
    return PublisherRefused(name=name, reason=refusal.reason, cause=refusal.cause, cure=refusal.cure)
