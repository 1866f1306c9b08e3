"""``Bus`` over one NATS connection: what the command line, the page and every service speak."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from functools import partial
from pathlib import Path

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error, NoRespondersError
from nats.errors import TimeoutError as NatsTimeout
from nats.js.client import JetStreamContext
from nats.js.errors import ServiceUnavailableError
from opentelemetry.trace import SpanKind

from contracts.catalog import MESSAGES, SUBJECTS
from contracts.errors import MalformedMessage
from contracts.message import Command, Event, Message, Progress, Query, QueryRefused, Refused
from contracts.streams import COMMANDS, DEAD, EVENTS, SCHEDULES
from contracts.subjects import Subjects, addresses_of
from infra.bus import (
    AnswerT,
    BusFull,
    BusUnavailable,
    CommandRefused,
    Delivered,
    NotPermitted,
    QuestionRefused,
    Unanswered,
)
from infra.bus.away import AWAY, answered
from infra.bus.connection import PUBLISH_SECONDS, OnLink
from infra.bus.connection import connect as connect_client
from infra.bus.envelope import Outgoing, Sealer, opened
from infra.bus.follower import Follower
from infra.bus.recounting import Recounter, first_kept, kept
from infra.clock import utc_now
from infra.history import Archive, KeptFact
from infra.telemetry import Telemetry

REFUSED = "trackside-refused"
"""Header of an answer that is a QueryRefused."""

_SEND_SECONDS = 10.0
_BETWEEN_TRIES = 0.1

_FULL = {10023, 10047}
"""Error codes of a nats-server without room, or memory, for a message: it answers, and asking again does not help."""

_UNHEARD = "nats-server is away, or cannot write to its disk; its log says which"

_SIGNS = tuple(kind for kind in MESSAGES if issubclass(kind, Progress))

_STREAM_OF = {"evt": EVENTS, "cmd": COMMANDS, "dead": DEAD, "sched": SCHEDULES}


class NatsBus:
    """A ``Bus`` over one connection, speaking as one process."""

    def __init__(
        self,
        client: Client,
        source: str,
        telemetry: Telemetry,
        subjects: Subjects = SUBJECTS,
        archive: Archive | None = None,
    ) -> None:
        """``subjects`` are the messages that it reads; ``archive`` has the facts that have left the stream.

        Without an archive it can read such a stream only from its end.
        """
        self._client = client
        self._archive = archive
        self._stream: JetStreamContext = client.jetstream(timeout=PUBLISH_SECONDS)
        self._source = source
        self._sealer = Sealer(source, utc_now)
        self._telemetry = telemetry
        self._subjects = subjects

    async def publish(self, message: Message) -> None:
        """Publish a message and wait until it is stored; progress is sent without waiting."""
        outgoing = self._sealer.first(message)
        if isinstance(message, Progress):
            await self._client.publish(outgoing.address, outgoing.data, headers=dict(outgoing.headers))
        else:
            await self.send(outgoing)

    async def send(self, outgoing: Outgoing) -> None:
        """Store a sealed message in its stream; however often it is sent, it is stored once.

        Raises:
            BusFull: if nats-server has no room for it.
            BusUnavailable: if nats-server has not said within some seconds that it is stored.
            NotPermitted: if it does not let this process publish there.
        """
        stream = _STREAM_OF[outgoing.address.partition(".")[0]]
        headers = dict(outgoing.headers)
        try:
            async with asyncio.timeout(_SEND_SECONDS):
                while not await self._stored(outgoing, stream, headers):
                    self._check_permitted(outgoing.address)
                    await asyncio.sleep(_BETWEEN_TRIES)
        except TimeoutError:
            raise BusUnavailable(f"{outgoing.address} was not stored: {_UNHEARD}") from None

    async def _stored(self, outgoing: Outgoing, stream: str, headers: dict[str, str]) -> bool:
        try:
            await self._stream.publish(outgoing.address, outgoing.data, stream=stream, headers=headers)
        except AWAY as error:
            if isinstance(error, ServiceUnavailableError) and error.err_code in _FULL:
                raise BusFull(outgoing.address) from None
            return False
        return True

    def _check_permitted(self, address: str) -> None:
        """Raise NotPermitted if nats-server's last complaint is of this address: what it denies, it does not answer."""
        if f'publish to "{address.lower()}"' in str(self._client.last_error):
            raise NotPermitted(self._source, address)

    async def order(self, command: Command, *answers: type[Event], seconds: float = 30.0) -> Event:
        """Send a command and return the fact that answers it; see ``Bus``."""
        with self._telemetry.span(f"order {type(command).__name__}", kind=SpanKind.PRODUCER):
            outgoing = self._sealer.first(command)
            command_id = outgoing.headers["ce-id"]
            try:
                async with asyncio.timeout(seconds) as limit:
                    async with self._following([f"evt.*.*.*.*.{command.key}"]) as facts:
                        await self.send(outgoing)
                        return await self._answer(facts, command_id, answers)
            except TimeoutError as error:
                # nats-py's own time-outs are of this kind too: nats-server did not answer one of its requests.
                if not limit.expired():
                    raise BusUnavailable(f"{command.address} was not sent: nats-server is away") from error
                raise Unanswered(command.address, seconds) from None

    async def ask(self, query: Query[AnswerT], seconds: float = 5.0) -> AnswerT:
        """Ask a question and return its answer; see ``Bus``."""
        outgoing = self._sealer.first(query)
        try:
            reply = await self._client.request(
                outgoing.address, outgoing.data, timeout=seconds, headers=dict(outgoing.headers)
            )
        except (NatsTimeout, NoRespondersError):
            self._check_permitted(outgoing.address)
            raise Unanswered(query.address, seconds) from None
        if reply.headers and REFUSED in reply.headers:
            refused = QueryRefused.model_validate_json(reply.data)
            raise QuestionRefused(refused.reason, refused.cause, refused.cure)
        answer: AnswerT = query.answer.model_validate_json(reply.data)  # type: ignore[assignment]
        return answer

    async def facts(
        self, *kinds: type[Event], key: str = "*", replay: bool = True, stop_when_idle: bool = False
    ) -> AsyncGenerator[Delivered, None]:
        """Yield facts in stream order; see ``Bus``."""
        subjects = addresses_of(kinds, key) or [f"evt.*.*.*.*.{key}"]
        recounter = Recounter(self._stream, subjects, self._archive)
        told = (
            recounter.facts(stop_when_idle=stop_when_idle)
            if replay
            else self._new(subjects, stop_when_idle=stop_when_idle)
        )
        async with aclosing(told) as facts:
            async for fact in facts:
                # A fact of a later release: this one cannot say anything about it.
                with suppress(MalformedMessage):
                    yield self.recalled(fact)

    async def first_kept(self) -> int:
        """Return the sequence of the first fact that the stream still has; see ``Bus``."""
        return await first_kept(self._stream)

    async def signs(self, key: str = "*") -> AsyncIterator[Delivered]:
        """Yield progress as it comes."""
        heard: asyncio.Queue[Msg] = asyncio.Queue()
        # Subject by subject, as nats-server permits it.
        signs = addresses_of(_SIGNS, key)
        subscriptions = [await self._client.subscribe(address, cb=heard.put) for address in signs]
        try:
            while True:
                raw = await heard.get()
                with suppress(MalformedMessage):
                    yield self.delivered(raw)
        finally:
            for subscription in subscriptions:
                await subscription.unsubscribe()

    def delivered(self, raw: Msg) -> Delivered:
        """Return a raw message as a typed one; see the function of this name."""
        return delivered(raw, self._subjects)

    def recalled(self, fact: KeptFact) -> Delivered:
        """Return a kept fact as a typed one, in its newest version, with its envelope; raises as ``delivered`` does."""
        return Delivered(
            self._subjects.read(fact.subject, fact.data), opened(fact.subject, fact.headers), fact.sequence
        )

    async def close(self) -> None:
        """Say what is still to be said, and disconnect."""
        # Not drained: a reader that broke off may have left messages behind that nobody will ever take.
        with suppress(Error, TimeoutError):
            await self._client.flush()
        await self._client.close()

    async def _answer(self, facts: Follower, command_id: str, answers: tuple[type[Event], ...]) -> Event:
        while True:
            raw = await facts.next()
            try:
                fact = self.delivered(raw)
            except MalformedMessage:
                continue  # a fact of a later release is no answer that was asked for
            if fact.envelope.correlation_id != command_id:
                continue
            if isinstance(fact.message, Refused):
                raise CommandRefused(fact.message)
            if isinstance(fact.message, answers):
                return fact.message

    async def _new(self, subjects: list[str], *, stop_when_idle: bool) -> AsyncGenerator[KeptFact, None]:
        async with self._following(subjects) as facts:
            while not (stop_when_idle and facts.waiting == 0):
                yield kept(await facts.next())

    @asynccontextmanager
    async def _following(self, subjects: list[str]) -> AsyncIterator[Follower]:
        """Follow the facts to come."""
        follower = Follower(self._stream, EVENTS, subjects)
        await answered(partial(follower.start, replay=False))
        try:
            yield follower
        finally:
            await follower.stop()


async def connect(  # noqa: PLR0913 - what a connection needs, and what the bus adds
    url: str,
    seed_file: Path | None,
    source: str,
    telemetry: Telemetry,
    *,
    ca_file: Path | None = None,
    patience: float | None = None,
    on_link: OnLink | None = None,
    archive: Archive | None = None,
) -> NatsBus:
    """Return a bus over a connection of its own; ``on_link`` is told when nats-server goes away and comes back.

    ``ca_file`` is the certificate of the authority that vouches for a server at ``tls://``; ``archive`` has the facts
    that have left the stream.

    Raises:
        BusUnavailable: if nats-server does not answer within ``patience`` seconds (for ever if None).
        Misconfigured: if the key is refused, or the server's certificate is not to be believed.
    """
    client = await connect_client(url, seed_file, name=source, ca_file=ca_file, patience=patience, on_link=on_link)
    return NatsBus(client, source, telemetry, archive=archive)


def delivered(raw: Msg, subjects: Subjects = SUBJECTS) -> Delivered:
    """Return a raw message as a typed one, in its newest version, with its envelope.

    Raises:
        MalformedMessage: if no contract of this release describes it.
    """
    message = subjects.read(raw.subject, raw.data)
    sequence = raw.metadata.sequence.stream if raw.reply.startswith("$JS.ACK") else 0
    return Delivered(message, opened(raw.subject, raw.headers), sequence)
