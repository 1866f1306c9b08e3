"""What a service has handled, and what it still has to say: kept in the same transaction as its state."""

import json
from collections.abc import Iterable

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, Text, delete, insert, select

from infra.bus.envelope import Outgoing
from infra.state import Transaction

TABLES = MetaData()

_HANDLED = Table("bus_handled", TABLES, Column("message_id", String, primary_key=True))

_OUTGOING = Table(
    "bus_outgoing",
    TABLES,
    Column("cause_id", String, primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("address", String, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("headers", Text, nullable=False),
)


class Outbox:
    """The handled messages and the outgoing ones of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def is_empty(self) -> bool:
        """Return whether nothing was ever handled."""
        return self._transaction.execute(select(_HANDLED).limit(1)).first() is None

    def has_handled(self, message_id: str) -> bool:
        """Return whether this message was handled before."""
        row = self._transaction.execute(select(_HANDLED).where(_HANDLED.c.message_id == message_id)).first()
        return row is not None

    def add(self, message_id: str, outgoing: Iterable[Outgoing]) -> None:
        """Note a message as handled, and what is to be said because of it."""
        self._transaction.execute(insert(_HANDLED).values(message_id=message_id))
        rows = [
            {
                "cause_id": message_id,
                "ordinal": ordinal,
                "address": message.address,
                "data": message.data,
                "headers": json.dumps(dict(message.headers)),
            }
            for ordinal, message in enumerate(outgoing)
        ]
        if rows:
            self._transaction.execute(insert(_OUTGOING), rows)

    def unsaid(self, message_id: str) -> list[Outgoing]:
        """Return what is, as far as we know, still to be said because of a message, in order."""
        wanted = select(_OUTGOING).where(_OUTGOING.c.cause_id == message_id).order_by(_OUTGOING.c.ordinal)
        return [Outgoing(row.address, row.data, json.loads(row.headers)) for row in self._transaction.execute(wanted)]

    def forget(self, message_ids: list[str]) -> None:
        """Drop what was said because of these messages."""
        if message_ids:
            self._transaction.execute(delete(_OUTGOING).where(_OUTGOING.c.cause_id.in_(message_ids)))
