"""Reading a stream in order, from a place in it, for as long as one likes.

The consumer is one's own, made anew behind the last message seen whenever nats-server has lost it.
"""

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import suppress

from nats.aio.msg import Msg
from nats.errors import Error
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.client import JetStreamContext

_BATCH = 256
_PATIENCE = 2.0
_FORGET_AFTER = 60.0


class Overtaken(Exception):
    """Messages behind the last one returned have left the stream before they were read."""


class Follower:
    """Messages of a stream in order, each once."""

    def __init__(self, stream: JetStreamContext, name: str, subjects: Sequence[str]) -> None:
        self._stream = stream
        self._name = name
        self._subjects = list(subjects)
        self._subscription: JetStreamContext.PullSubscription | None = None
        self._last = 0
        self._fetched: list[Msg] = []
        self._catching_up = self._replays = False
        self.waiting = 0
        """How many messages the stream still holds for us behind the last one returned."""

    async def start(self, *, replay: bool, after: int = 0) -> None:
        """Begin behind the sequence ``after`` if ``replay``, or else with the next message to come.

        Raises:
            Overtaken: if messages behind ``after`` have left the stream.
        """
        await self.stop()
        self._last = after
        await self._bind(DeliverPolicy.BY_START_SEQUENCE if replay else DeliverPolicy.NEW)
        self._catching_up = self._replays = replay
        await self._check_complete()

    async def next(self) -> Msg:
        """Return the next message, waiting for it as long as it takes.

        Raises:
            Overtaken: if, while it catches up, messages have left the stream before they were read.
        """
        while not self._fetched:
            self._fetched = await self._fetch()
        raw = self._fetched.pop(0)
        self._last = raw.metadata.sequence.stream
        self.waiting = raw.metadata.num_pending
        # Only what is old leaves the stream, so who has once seen its end is not overtaken, unless it was away since.
        self._catching_up &= self.waiting > 0
        return raw

    async def stop(self) -> None:
        """Stop following; nats-server forgets the consumer by itself."""
        if self._subscription is not None:
            # A reader that broke off is closed by the garbage collector, when the connection may be closing too.
            with suppress(Error):
                await self._subscription.unsubscribe()
            self._subscription = None

    async def _fetch(self) -> list[Msg]:
        if self._subscription is None:
            await self._rebind()
            return []
        # Asked for more than there is, the client would wait for the rest before it hands over the first.
        batch = min(_BATCH, self.waiting) or 1
        try:
            fetched: list[Msg] = await self._fetch_some(batch)
            await self._check_complete()
        except Error:
            await asyncio.sleep(0.1)
            await self._rebind()
            return []
        return fetched

    async def _fetch_some(self, batch: int) -> list[Msg]:
        assert self._subscription is not None
        try:
            return await self._subscription.fetch(batch, timeout=_PATIENCE)
        except TimeoutError:
            return []

    async def _check_complete(self) -> None:
        """Raise Overtaken if what was fetched may not be all behind the last message returned."""
        if not self._catching_up:
            return
        first = (await self._stream.stream_info(self._name)).state.first_seq
        if first > self._last + 1:
            raise Overtaken

    async def _rebind(self) -> None:
        try:
            await self.stop()
            await self._bind(DeliverPolicy.BY_START_SEQUENCE)
            self._catching_up = self._replays
        except Error:
            # Still away, or without a leader: the next fetch comes back here.
            await asyncio.sleep(0.1)

    async def _bind(self, policy: DeliverPolicy) -> None:
        info = await self._stream.add_consumer(
            self._name,
            ConsumerConfig(
                # Named by us, so that the name stands in the subject of the request, where it can be permitted.
                name=f"reader-{secrets.token_hex(8)}",
                filter_subjects=self._subjects,
                deliver_policy=policy,
                opt_start_seq=self._last + 1 if policy is DeliverPolicy.BY_START_SEQUENCE else None,
                ack_policy=AckPolicy.NONE,
                mem_storage=True,
                inactive_threshold=_FORGET_AFTER,
            ),
        )
        if policy is DeliverPolicy.NEW and info.delivered:
            self._last = info.delivered.stream_seq
        self.waiting = info.num_pending or 0
        self._subscription = await self._stream.pull_subscribe_bind(consumer=info.name, stream=self._name)
