"""Who is told facts over HTTP: message in, domain, messages out."""

from typing import Protocol

from contracts.errors import Refusal
from contracts.message import Message
from contracts.webhooks import (
    AddWebhook,
    Deliveries,
    Delivery,
    ListDeliveries,
    ListWebhooks,
    RemoveWebhook,
    ReplayWebhook,
    WebhookAdded,
    WebhookRefused,
    WebhookRemoved,
    WebhookReplayed,
    Webhooks,
    WebhookSummary,
)
from infra.clock import Clock
from services.ingest.domain.errors import UnknownWebhook
from services.ingest.domain.webhook import added


class Hooks(Protocol):
    """Every webhook, and the latest of what each was told."""

    def all(self) -> list[WebhookAdded]:
        """Return them by name."""

    def put(self, hook: WebhookAdded) -> None:
        """Remember one."""

    def drop(self, name: str) -> bool:
        """Forget one, with its history; return whether it was there."""

    def deliveries(self, name: str) -> list[Delivery]:
        """Return its history, the last first."""


def add_webhook(command: AddWebhook, hooks: Hooks, public_key: str, clock: Clock) -> list[Message]:
    """Tell an address, or say why not."""
    try:
        hook = added(command, [hook.name for hook in hooks.all()], public_key, clock())
    except Refusal as refusal:
        return [_refused(command.name, refusal)]
    hooks.put(hook)
    return [hook]


def remove_webhook(command: RemoveWebhook, hooks: Hooks) -> list[Message]:
    """Tell an address no more."""
    if not hooks.drop(command.name):
        return [_refused(command.name, UnknownWebhook(command.name))]
    return [WebhookRemoved(name=command.name)]


def replay_webhook(command: ReplayWebhook, hooks: Hooks) -> list[Message]:
    """Tell an address again, from a place in the stream on."""
    if not any(hook.name == command.name for hook in hooks.all()):
        return [_refused(command.name, UnknownWebhook(command.name))]
    return [WebhookReplayed(name=command.name, from_sequence=command.from_sequence)]


def remember_webhook(event: WebhookAdded | WebhookRemoved, hooks: Hooks) -> list[Message]:
    """Rebuild the state from what this service once said."""
    if isinstance(event, WebhookAdded):
        hooks.put(event)
    else:
        hooks.drop(event.name)
    return []


def list_webhooks(_query: ListWebhooks, hooks: Hooks) -> Webhooks:
    """Tell who is told what, and how far that has come."""
    return Webhooks(webhooks=tuple(_summary(hook, hooks.deliveries(hook.name)) for hook in hooks.all()))


def list_deliveries(query: ListDeliveries, hooks: Hooks) -> Deliveries:
    """Tell what one webhook was told.

    Raises:
        UnknownWebhook: if there is none of this name.
    """
    if not any(hook.name == query.name for hook in hooks.all()):
        raise UnknownWebhook(query.name)
    return Deliveries(deliveries=tuple(hooks.deliveries(query.name)))


def _summary(hook: WebhookAdded, history: list[Delivery]) -> WebhookSummary:
    return WebhookSummary(
        name=hook.name,
        url=hook.url,
        hears=hook.hears,
        public_key=hook.public_key,
        told=sum(delivery.problem is None for delivery in history),
        last=history[0] if history else None,
    )


def _refused(name: str, refusal: Refusal) -> WebhookRefused:
    return WebhookRefused(name=name, reason=refusal.reason, cause=refusal.cause, cure=refusal.cure)
