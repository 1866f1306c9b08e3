"""The gate of one outside publisher: what it sent goes on at its rate, or is kept with the reason why not."""

import asyncio
from contextlib import suppress

from nats.aio.msg import Msg
from nats.errors import Error
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from contracts.errors import MalformedMessage, TracksideError
from contracts.identities import fact_named
from contracts.publishers import PublisherAdded
from contracts.streams import DOOR, EVENTS, arrivals, outside_durable
from contracts.subjects import addresses_of
from infra.bus.admission import admitted, refused
from infra.bus.client import NatsBus
from infra.logs import logger
from infra.metrics import ARRIVALS
from infra.telemetry import Telemetry

log = logger(__name__)

_BATCH_SECONDS = 2.0
_MOST = 64
_ACK_WAIT = 30.0
_WAIT = 2.0
_PAUSE = 0.5
_CREDIT = 0.5
_DUPLICATE_WINDOW = 1800.0
_ANSWERS_PENDING = 256


class Gate:
    """Passes on what one publisher sends, for as long as it is let in."""

    def __init__(self, card: PublisherAdded, stream: JetStreamContext, bus: NatsBus, telemetry: Telemetry) -> None:
        """``bus`` sends as the door, which may give every command that a publisher may give."""
        self.card = card
        self._stream = stream
        self._bus = bus
        self._telemetry = telemetry
        self._shutting = False
        self._batch = max(1, min(_MOST, int(card.limits.rate * _BATCH_SECONDS)))
        self._next_at = 0.0

    async def provision(self) -> None:
        """Make the stream of what the publisher sends, and the consumer that gives it what it hears."""
        limits = self.card.limits
        config = StreamConfig(
            name=arrivals(self.card.name),
            subjects=[f"in.{self.card.name}.>"],
            retention=RetentionPolicy.WORK_QUEUE,
            storage=StorageType.FILE,
            discard=DiscardPolicy.NEW,
            max_msgs=limits.backlog,
            max_msg_size=limits.size,
            duplicate_window=_DUPLICATE_WINDOW,
        )
        put = self._stream.update_stream if await self.has_arrivals() else self._stream.add_stream
        await put(config)
        arriving = ConsumerConfig(
            durable_name=DOOR, name=DOOR, ack_policy=AckPolicy.EXPLICIT, ack_wait=_ACK_WAIT, max_ack_pending=_MOST
        )
        await self._stream.add_consumer(arrivals(self.card.name), arriving)
        await self._stream.add_consumer(EVENTS, self._hearing())

    async def has_arrivals(self) -> bool:
        """Return whether there is a stream of what the publisher sent."""
        try:
            await self._stream.stream_info(arrivals(self.card.name))
        except NotFoundError:
            return False
        return True

    def shut(self) -> None:
        """Pass on what is there, and end."""
        self._shutting = True

    async def run(self) -> None:
        """Pass on until shut and empty."""
        subscription = await self._stream.pull_subscribe_bind(consumer=DOOR, stream=arrivals(self.card.name))
        waiting = 0
        while True:
            try:
                # Asked for more than there is, the client would wait for the rest before it hands over the first.
                for raw in await subscription.fetch(min(self._batch, waiting) or 1, timeout=_WAIT):
                    waiting = raw.metadata.num_pending
                    await self._in_time()
                    await self._pass(raw)
            except TimeoutError:
                if self._shutting:
                    break
            except (Error, TracksideError) as error:
                # nats-server is away, or the message could not be stored: it comes again after its ack wait.
                log.warning("gate waits", publisher=self.card.name, error=str(error) or type(error).__name__)
                await asyncio.sleep(_PAUSE)
        await subscription.unsubscribe()

    async def remove(self) -> None:
        """Forget what nats-server keeps of the publisher."""
        with suppress(NotFoundError):
            await self._stream.delete_stream(arrivals(self.card.name))
        with suppress(NotFoundError):
            await self._stream.delete_consumer(EVENTS, outside_durable(self.card.name))

    async def _in_time(self) -> None:
        """Wait for this message's turn by the rate; silence earns half a second's worth at most."""
        clock = asyncio.get_running_loop().time
        wait = self._next_at - clock()
        if wait > 0:
            await asyncio.sleep(wait)
        self._next_at = max(self._next_at, clock() - _CREDIT) + 1 / self.card.limits.rate

    async def _pass(self, raw: Msg) -> None:
        try:
            outgoing, outcome = admitted(self.card, raw), "passed"
        except MalformedMessage as error:
            log.warning("refused", publisher=self.card.name, subject=raw.subject, reason=error.problem)
            outgoing, outcome = refused(self.card, raw, error.problem), "refused"
        await self._bus.send(outgoing)
        await raw.ack()
        self._telemetry.count(ARRIVALS, publisher=self.card.name, outcome=outcome)

    def _hearing(self) -> ConsumerConfig:
        facts = filter(None, map(fact_named, self.card.hears))
        return ConsumerConfig(
            durable_name=outside_durable(self.card.name),
            name=outside_durable(self.card.name),
            filter_subjects=addresses_of(facts),
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=_ACK_WAIT,
            max_ack_pending=_ANSWERS_PENDING,
        )
