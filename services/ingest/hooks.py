"""Webhooks in ingest's own state: who is told, and the latest of what each was told."""

from sqlalchemy import Column, Integer, String, Table, Text, delete, insert, select

from contracts.webhooks import Delivery, WebhookAdded
from infra.state import State, Transaction
from services.ingest.store import METADATA

_HISTORY = 1000
"""Deliveries of one webhook that are kept."""

_WEBHOOKS = Table(
    "ingest_webhooks",
    METADATA,
    Column("name", String(63), primary_key=True),
    Column("body", Text, nullable=False),
)
_DELIVERIES = Table(
    "ingest_deliveries",
    METADATA,
    Column("webhook", String(63), primary_key=True),
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
)


class HookStore:
    """The Hooks port over SQL."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def all(self) -> list[WebhookAdded]:
        """Return every webhook, by name."""
        query = select(_WEBHOOKS.c.body).order_by(_WEBHOOKS.c.name)
        return [WebhookAdded.model_validate_json(body) for body in self._transaction.execute(query).scalars()]

    def put(self, hook: WebhookAdded) -> None:
        """Remember one."""
        self.drop(hook.name)
        self._transaction.execute(insert(_WEBHOOKS), {"name": hook.name, "body": hook.model_dump_json()})

    def drop(self, name: str) -> bool:
        """Forget one, with its history; return whether it was there."""
        self._transaction.execute(delete(_DELIVERIES).where(_DELIVERIES.c.webhook == name))
        return self._transaction.execute(delete(_WEBHOOKS).where(_WEBHOOKS.c.name == name)).rowcount > 0

    def deliveries(self, name: str) -> list[Delivery]:
        """Return a webhook's history, the last fact first."""
        query = select(_DELIVERIES.c.body).where(_DELIVERIES.c.webhook == name)
        ordered = query.order_by(_DELIVERIES.c.sequence.desc())
        return [Delivery.model_validate_json(body) for body in self._transaction.execute(ordered).scalars()]


class DeliveryLedger:
    """The postman's Ledger: each note is a transaction of its own."""

    def __init__(self, state: State) -> None:
        self._state = state

    def attempts(self, webhook: str, sequence: int) -> int:
        """Return how often a fact was told so far."""
        query = select(_DELIVERIES.c.body).where(_DELIVERIES.c.webhook == webhook, _DELIVERIES.c.sequence == sequence)
        with self._state.transaction() as transaction:
            body = transaction.execute(query).scalar()
        return Delivery.model_validate_json(body).attempts if body else 0

    def note(self, webhook: str, delivery: Delivery) -> None:
        """Keep how the last attempt went, and forget what is older than the history."""
        row = {"webhook": webhook, "sequence": delivery.sequence, "body": delivery.model_dump_json()}
        mine = _DELIVERIES.c.webhook == webhook
        oldest = select(_DELIVERIES.c.sequence).where(mine).order_by(_DELIVERIES.c.sequence.desc()).offset(_HISTORY)
        with self._state.transaction() as transaction:
            transaction.execute(delete(_DELIVERIES).where(mine, _DELIVERIES.c.sequence == delivery.sequence))
            transaction.execute(insert(_DELIVERIES), row)
            if (last := transaction.execute(oldest.limit(1)).scalar()) is not None:
                transaction.execute(delete(_DELIVERIES).where(mine, _DELIVERIES.c.sequence <= last))
