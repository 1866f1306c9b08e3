"""Rebuilding a lost state from the stream: what was heard and what was said, in the order in which it was said."""

from collections.abc import Mapping

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from contracts.catalog import facts_of
from contracts.message import Event, Message
from contracts.streams import EVENTS, fact_durable
from infra.bus import Delivered, Handler
from infra.bus.client import NatsBus
from infra.bus.outbox import Outbox
from infra.logs import logger
from infra.state import State, Transaction

log = logger(__name__)


async def rebuild(
    client: Client,
    bus: NatsBus,
    role: str,
    state: State,
    handlers: Mapping[type[Message], Handler],
    recalls: Mapping[type[Event], Handler],
) -> int:
    """Feed an empty state all that its role had acted on and said; return how many facts that were.

    What the handlers return was said when they ran first, so it is not said again. Facts that the role has not
    acknowledged yet are left to its durable. It is one transaction, so one that is killed in the middle begins anew.
    """
    heard = facts_of(role)
    floor = await _acknowledged(client, role) if heard else 0
    count = 0
    with state.transaction() as transaction:
        if not Outbox(transaction).is_empty():
            return 0
        async for fact in bus.facts(*heard, *recalls, stop_when_idle=True):
            kind = type(fact.message)
            handler = recalls.get(kind)  # type: ignore[arg-type]
            if handler is None and fact.sequence <= floor:
                handler = handlers[kind]
            if handler is not None:
                _recall(fact, handler, transaction)
                count += 1
    if count:
        log.info("state rebuilt", facts=count)
    return count


def _recall(fact: Delivered, handler: Handler, transaction: Transaction) -> None:
    stores = {name: make(transaction) for name, make in handler.stores.items()}
    handler.function(fact.message, **handler.ports, **stores)
    Outbox(transaction).add(fact.envelope.id, [])


async def _acknowledged(client: Client, role: str) -> int:
    try:
        info = await client.jetstream().consumer_info(EVENTS, fact_durable(role))
    except NotFoundError:
        return 0
    return info.ack_floor.stream_seq if info.ack_floor else 0
