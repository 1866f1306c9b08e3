"""Whether an address is told facts."""

from collections.abc import Collection
from datetime import datetime

from contracts.identities import fact_named
from contracts.webhooks import AddWebhook, WebhookAdded
from services.ingest.domain.errors import NameTaken, UnknownFact


def added(command: AddWebhook, known: Collection[str], public_key: str, now: datetime) -> WebhookAdded:
    """Return the fact that the address is told; ``known`` are the names of other webhooks.

    Raises:
        UnknownFact: if there is no such fact to hear.
        NameTaken: if the name is another's.
    """
    for name in command.hears:
        if fact_named(name) is None:
            raise UnknownFact(name)
    if command.name in known:
        raise NameTaken(command.name)
    return WebhookAdded(name=command.name, url=command.url, hears=command.hears, public_key=public_key, added_at=now)
