"""From a delivery to an acknowledgement: parse, handle, commit, publish, ack; or retry; or write the dead letter.

Only this module retries, acknowledges and catches everything.
"""

import asyncio
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Any, Literal

from faststream.nats import NatsMessage
from opentelemetry.trace import SpanKind

from contracts.catalog import name_of
from contracts.errors import MalformedMessage, Unavailable
from contracts.message import Command, Message
from infra.bus import Delivered
from infra.bus.client import NatsBus
from infra.bus.deadletter import dead_letter
from infra.bus.envelope import Outgoing, Sealer
from infra.bus.facts_first import FactsFirst
from infra.bus.outbox import Outbox
from infra.bus.streams import ACK_WAIT
from infra.logs import logger
from infra.metrics import MESSAGE_DURATION, MESSAGES
from infra.service import Service
from infra.state import State
from infra.telemetry import Telemetry

log = logger(__name__)

Outcome = Literal["handled", "retried", "dead"]


class Consumer:
    """Handles the deliveries of one role."""

    def __init__(
        self,
        service: Service,
        bus: NatsBus,
        sealer: Sealer,
        state: State | None,
        telemetry: Telemetry,
        facts_first: FactsFirst,
    ) -> None:
        self._role = service.role
        self._handlers = service.handlers
        self._bus = bus
        self._sealer = sealer
        self._state = state
        self._telemetry = telemetry
        self._patience = service.patience
        self._facts_first = facts_first
        self._said: list[str] = []

    async def receive(self, raw: NatsMessage) -> None:
        """Handle one delivery to its end."""
        async with _kept_alive(raw):
            began = perf_counter()
            outcome = await self._ended(raw)
            labels = {"role": self._role, "message": name_of(raw.raw_message.subject)}
            self._telemetry.count(MESSAGES, outcome=outcome, **labels)
            self._telemetry.time(MESSAGE_DURATION, perf_counter() - began, labels)

    async def _ended(self, raw: NatsMessage) -> Outcome:
        """Handle one delivery, and return how it ended."""
        try:
            if raw.raw_message.subject.startswith(("cmd.", "sched.")):
                await self._facts_first.wait()
            await self._handle(raw)
        except MalformedMessage as error:
            return await self._bury(raw, error.problem)
        except Unavailable as error:
            return await self._retry(raw, error, self._patience.unavailable)
        except Exception as error:
            log.exception("handler failed", subject=raw.raw_message.subject)
            return await self._retry(raw, error, self._patience.bug)
        await raw.ack()
        return "handled"

    async def _handle(self, raw: NatsMessage) -> None:
        fact = self._bus.delivered(raw.raw_message)
        message, envelope = fact.message, fact.envelope
        with self._telemetry.span(
            f"handle {type(message).__name__}",
            parent=envelope.traceparent,
            kind=SpanKind.CONSUMER,
            attributes=_attributes(message),
        ):
            outgoing = await asyncio.to_thread(self._outcome, fact)
        for message_out in outgoing:
            await self._bus.send(message_out)
        if outgoing:
            self._said.append(envelope.id)

    def _outcome(self, fact: Delivered) -> list[Outgoing]:
        """Return what is to be said because of ``fact``, having committed it with the state, if there is one."""
        handler = self._handlers[type(fact.message)]
        if self._state is None:
            return self._sealer.following(fact.envelope, list(handler.function(fact.message, **handler.ports)))
        if (before := self._handled_before(fact.envelope.id)) is not None:
            return before
        with self._state.transaction() as transaction:
            stores = {name: make(transaction) for name, make in handler.stores.items()}
            messages = list(handler.function(fact.message, **handler.ports, **stores))
            outgoing = self._sealer.following(fact.envelope, messages)
            outbox = Outbox(transaction)
            outbox.add(fact.envelope.id, outgoing)
            outbox.forget(self._taken_said())
        return outgoing

    def _handled_before(self, message_id: str) -> list[Outgoing] | None:
        assert self._state is not None
        with self._state.transaction() as transaction:
            outbox = Outbox(transaction)
            return outbox.unsaid(message_id) if outbox.has_handled(message_id) else None

    def _taken_said(self) -> list[str]:
        """Return the ids whose outgoing messages are stored, to be forgotten with the next commit.

        A commit of its own would cost each message another sync. What is not forgotten when the process is killed is
        at worst said again, under the same id.
        """
        said, self._said = self._said, []
        return said

    async def _retry(self, raw: NatsMessage, error: Exception, most: int | None) -> Outcome:
        delivery = raw.raw_message.metadata.num_delivered
        if most is not None and delivery >= most:
            return await self._bury(raw, "".join(traceback.format_exception_only(error)).strip())
        delay = self._patience.delay(delivery)
        log.warning("will try again", subject=raw.raw_message.subject, error=str(error), delay=delay)
        await raw.nack(delay=delay)
        return "retried"

    async def _bury(self, raw: NatsMessage, reason: str) -> Outcome:
        log.error("dead letter", subject=raw.raw_message.subject, reason=reason)
        try:
            await self._bus.send(dead_letter(raw.raw_message, reason))
        except Unavailable:
            # Not acknowledged: it comes back after the ack wait, and dies then.
            return "retried"
        await raw.ack()
        return "dead"


def _attributes(message: Message) -> dict[str, Any]:
    """Return what a span says of a message: its key, and a command's own words, which are short."""
    said: dict[str, Any] = {"trackside.key": message.key}
    if isinstance(message, Command):
        said |= {name: value for name, value in message if isinstance(value, str | int | float | bool)}
    return said


@asynccontextmanager
async def _kept_alive(raw: NatsMessage) -> AsyncIterator[None]:
    async def beat() -> None:
        while True:
            await asyncio.sleep(ACK_WAIT / 3)
            await raw.in_progress()

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
