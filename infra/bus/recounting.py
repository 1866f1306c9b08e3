"""Facts from the first one on, wherever they lie: in the archive, then in the stream."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from functools import partial

from nats.aio.msg import Msg
from nats.js.client import JetStreamContext

from contracts.streams import EVENTS
from infra.bus.away import answered
from infra.bus.follower import Follower, Overtaken
from infra.history import Archive, HistoryOutOfReach, KeptFact


class Recounter:
    """Recounts the facts that match, in order, each once, with the sequences that they always had."""

    def __init__(self, stream: JetStreamContext, subjects: Sequence[str], archive: Archive | None) -> None:
        self._stream = stream
        self._subjects = list(subjects)
        self._archive = archive
        self._last = 0

    async def facts(self, *, stop_when_idle: bool) -> AsyncGenerator[KeptFact, None]:
        """Yield facts for ever, or until those so far are told.

        What leaves the stream while it is being read is read in the archive.

        Raises:
            BusUnavailable: if nats-server does not answer.
            HistoryUnreadable: if facts have left the stream and cannot be read in the archive.
            ObjectsUnavailable: if the object store does not answer.
        """
        while True:
            async for fact in self._archived():
                yield fact
            follower = Follower(self._stream, EVENTS, self._subjects)
            try:
                await answered(partial(follower.start, replay=True, after=self._last))
                while not (stop_when_idle and follower.waiting == 0):
                    fact = kept(await follower.next())
                    self._last = fact.sequence
                    yield fact
            except Overtaken:
                continue
            finally:
                await follower.stop()
            return

    async def _archived(self) -> AsyncGenerator[KeptFact, None]:
        """Yield what has left the stream behind the last fact that was told."""
        while self._last + 1 < (first := await first_kept(self._stream)):
            if self._archive is None:
                raise HistoryOutOfReach(first - 1)
            groups = self._archive.facts(self._subjects, self._last, first)
            while group := await asyncio.to_thread(next, groups, None):
                for fact in group:
                    yield fact
            self._last = first - 1


async def first_kept(stream: JetStreamContext) -> int:
    """Return the sequence of the first fact that the stream still has; see ``infra.bus.Bus``."""
    return (await answered(partial(stream.stream_info, EVENTS))).state.first_seq


def kept(raw: Msg) -> KeptFact:
    """Return a message of the stream as the archive would have it."""
    metadata = raw.metadata
    return KeptFact(metadata.sequence.stream, raw.subject, raw.headers or {}, raw.data, metadata.timestamp)
