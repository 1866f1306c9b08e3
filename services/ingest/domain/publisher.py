"""Whether a program outside is let in."""

from collections.abc import Collection
from datetime import datetime

from contracts.identities import IDENTITIES, ORDERS, command_named, fact_named
from contracts.publishers import AddPublisher, PublisherAdded
from services.ingest.domain.errors import NameTaken, NotForPublishers, UnknownFact


def added(command: AddPublisher, known: Collection[PublisherAdded], now: datetime) -> PublisherAdded:
    """Return the fact that the publisher is let in; it hears the answers to its commands besides what it asked for.

    Raises:
        NotForPublishers: if a command is none that publishers may send.
        UnknownFact: if there is no such fact to hear.
        NameTaken: if the name is another's.
    """
    commands = []
    for name in command.may:
        found = command_named(name)
        if found is None:
            raise NotForPublishers(name, sorted(order.__name__ for order in ORDERS))
        commands.append(found)
    for name in command.hears:
        if fact_named(name) is None:
            raise UnknownFact(name)
    if command.name in IDENTITIES or any(card.name == command.name for card in known):
        raise NameTaken(command.name)
    answers = {fact.__name__ for order in commands for fact in ORDERS[order]}
    return PublisherAdded(
        name=command.name,
        nkey=command.nkey,
        may=command.may,
        hears=tuple(sorted({*command.hears, *answers})),
        limits=command.limits,
        added_at=now,
    )
