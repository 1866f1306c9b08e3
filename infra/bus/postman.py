"""The postman: tells webhooks the facts that they hear, each in stream order, until it was answered with 2xx.

A webhook is a consumer of EVENTS like any other; what differs is that the postman fetches for it. One fact at a time is
on its way, so a receiver that is away, slow or failing holds up itself only, and gets everything in order.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import httpx
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from contracts.identities import fact_named
from contracts.streams import DOOR, EVENTS, hook_durable
from contracts.subjects import addresses_of
from contracts.webhooks import Delivery, WebhookAdded, WebhookRemoved, WebhookReplayed
from infra.bus import Bus, Delivered
from infra.bus.cloudevents import folded
from infra.bus.connection import connect
from infra.bus.envelope import opened
from infra.bus.insisting import insist, keep_up
from infra.bus.signature import SigningKey
from infra.clock import utc_now
from infra.logs import logger
from infra.tasks import ended

log = logger(__name__)

_KINDS = (WebhookAdded, WebhookRemoved, WebhookReplayed)
_BEGUN_BY = "trackside-begun-by"
_ACK_WAIT = 30.0
_ANSWER_SECONDS = 10.0
_FETCH_SECONDS = 2.0
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 60.0
_SECONDS = 2.0


class Ledger(Protocol):
    """Where the history of deliveries is kept."""

    def note(self, webhook: str, delivery: Delivery) -> None:
        """Keep how the last attempt to tell a fact went."""

    def attempts(self, webhook: str, sequence: int) -> int:
        """Return how often a fact was told so far."""


@dataclass(frozen=True)
class Beginning:
    """A webhook, and the fact that began it, or began it anew."""

    hook: WebhookAdded
    begun_by: int
    """The sequence of that fact."""
    start: int
    """The sequence of the first fact that it is told."""


def project(beginnings: dict[str, Beginning], fact: Delivered) -> None:
    """Take in a fact about a webhook."""
    message = fact.message
    if isinstance(message, WebhookAdded):
        beginnings[message.name] = Beginning(message, fact.sequence, fact.sequence + 1)
    elif isinstance(message, WebhookRemoved):
        beginnings.pop(message.name, None)
    elif isinstance(message, WebhookReplayed) and (before := beginnings.get(message.name)):
        beginnings[message.name] = Beginning(before.hook, fact.sequence, message.from_sequence)


class Postman:
    """Runs the webhooks that the facts name."""

    def __init__(
        self,
        nats_url: str,
        seed: Path,
        key: SigningKey,
        ledger: Ledger,
        *,
        ca_file: Path | None = None,
        first_pause: float = _FIRST_PAUSE,
    ) -> None:
        """``seed`` is the door's: it may make consumers for parties outside.

        ``first_pause`` is the wait in seconds behind the first attempt that fails; it doubles with each.
        """
        self._url = nats_url
        self._seed = seed
        self._ca_file = ca_file
        self._key = key
        self._ledger = ledger
        self._first_pause = first_pause
        self._rounds: dict[str, asyncio.Task[None]] = {}

    async def run(self, bus: Bus) -> None:
        """Follow the facts of ``bus`` for ever."""
        client = await connect(self._url, self._seed, name=DOOR, ca_file=self._ca_file)
        async with httpx.AsyncClient(timeout=_ANSWER_SECONDS, follow_redirects=False) as http:
            try:
                await self._follow(bus, client, http)
            finally:
                await ended(*self._rounds.values())
                await client.close()

    async def _follow(self, bus: Bus, client: Client, http: httpx.AsyncClient) -> None:
        stream = client.jetstream(timeout=_SECONDS)
        beginnings: dict[str, Beginning] = {}
        known = 0
        async for fact in bus.facts(*_KINDS, stop_when_idle=True):
            known = fact.sequence
            project(beginnings, fact)
        for beginning in beginnings.values():
            await self._begin(beginning, stream, http)
        async for fact in bus.facts(*_KINDS):
            if fact.sequence <= known:
                continue
            project(beginnings, fact)
            await self._end(fact.message.key)
            if anew := beginnings.get(fact.message.key):
                await self._begin(anew, stream, http)
            else:
                await insist("postman", partial(_forget, stream, fact.message.key))

    async def _begin(self, beginning: Beginning, stream: JetStreamContext, http: httpx.AsyncClient) -> None:
        await insist("postman", partial(_provision, stream, beginning))
        hook = beginning.hook
        telling = Round(hook, stream, http, self._key, self._ledger, self._first_pause)
        self._rounds[hook.name] = asyncio.create_task(keep_up(f"webhook {hook.name}", telling.run))

    async def _end(self, name: str) -> None:
        if task := self._rounds.pop(name, None):
            await ended(task)


class Round:
    """One webhook's facts, one after the other."""

    def __init__(
        self,
        hook: WebhookAdded,
        stream: JetStreamContext,
        http: httpx.AsyncClient,
        key: SigningKey,
        ledger: Ledger,
        first_pause: float,
    ) -> None:
        self._hook = hook
        self._stream = stream
        self._http = http
        self._key = key
        self._ledger = ledger
        self._first_pause = first_pause

    async def run(self) -> None:
        """Tell facts until cancelled."""
        subscription = await self._stream.pull_subscribe_bind(consumer=hook_durable(self._hook.name), stream=EVENTS)
        while True:
            try:
                (raw,) = await subscription.fetch(1, timeout=_FETCH_SECONDS)
            except TimeoutError:
                continue
            try:
                async with _kept_alive(raw):
                    await self._tell(raw)
            except Exception:
                await raw.nak()  # or it would come again only after its ack wait
                raise
            await raw.ack()

    async def _tell(self, raw: Msg) -> None:
        """Tell one fact until it is answered with 2xx."""
        sequence = raw.metadata.sequence.stream
        attempts = await asyncio.to_thread(self._ledger.attempts, self._hook.name, sequence)
        pause = self._first_pause
        while True:
            attempts += 1
            status, problem = await self._attempt(raw)
            delivery = Delivery(
                sequence=sequence,
                event_id=opened(raw.subject, raw.headers).id,
                type=raw.subject.rpartition(".")[0],
                attempts=attempts,
                status=status,
                problem=problem,
                last_at=utc_now(),
            )
            await asyncio.to_thread(self._ledger.note, self._hook.name, delivery)
            if problem is None:
                return
            log.warning("not told", webhook=self._hook.name, sequence=sequence, problem=problem, pause=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _attempt(self, raw: Msg) -> tuple[int | None, str | None]:
        """Return what was answered, and what is wrong with that."""
        envelope = opened(raw.subject, raw.headers)
        body = cloudevent(raw)
        headers = {
            "content-type": "application/cloudevents+json",
            **self._key.headers(envelope.id, int(utc_now().timestamp()), body),
            **({"traceparent": envelope.traceparent} if envelope.traceparent else {}),
        }
        try:
            answer = await self._http.post(self._hook.url, content=body, headers=headers)
        except httpx.HTTPError as error:
            return None, f"no answer: {type(error).__name__}"
        if answer.is_success:
            return answer.status_code, None
        return answer.status_code, f"answered {answer.status_code} {answer.reason_phrase}".rstrip()


def cloudevent(raw: Msg) -> bytes:
    """Return a fact as a CloudEvent in the structured mode."""
    key = raw.subject.rpartition(".")[2]
    event = folded(opened(raw.subject, raw.headers), key, raw.metadata.sequence.stream, json.loads(raw.data))
    return json.dumps(event).encode()


async def _provision(stream: JetStreamContext, beginning: Beginning) -> None:
    """Make the webhook's consumer; one that this very fact began goes on where it stands."""
    durable, begun_by = hook_durable(beginning.hook.name), {_BEGUN_BY: str(beginning.begun_by)}
    facts = filter(None, map(fact_named, beginning.hook.hears))
    hears = addresses_of(facts)
    with suppress(NotFoundError):
        found = await stream.consumer_info(EVENTS, durable)
        if (found.config.metadata or {}).items() >= begun_by.items():
            # An earlier release knew fewer versions of what it hears.
            await stream.add_consumer(EVENTS, found.config.evolve(filter_subject=None, filter_subjects=hears))
            return
        await stream.delete_consumer(EVENTS, durable)
    first = (await stream.stream_info(EVENTS)).state.first_seq
    if beginning.start < first:
        log.warning("archived facts are not told again", webhook=beginning.hook.name, first=first)
    await stream.add_consumer(
        EVENTS,
        ConsumerConfig(
            durable_name=durable,
            name=durable,
            filter_subjects=hears,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=beginning.start,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=_ACK_WAIT,
            max_ack_pending=1,
            metadata=begun_by,
        ),
    )


async def _forget(stream: JetStreamContext, name: str) -> None:
    with suppress(NotFoundError):
        await stream.delete_consumer(EVENTS, hook_durable(name))


@asynccontextmanager
async def _kept_alive(raw: Msg) -> AsyncIterator[None]:
    async def beat() -> None:
        while True:
            await asyncio.sleep(_ACK_WAIT / 3)
            with suppress(Error):
                await raw.in_progress()

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
