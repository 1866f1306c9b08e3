"""Old facts go from the stream to the archive: a part is written, then listed, and only then purged from the stream.

Whoever is killed in between leaves at most a file that no index lists, or facts that are in both places; the next one
finishes that first.
"""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerInfo, StreamState

from contracts.errors import TracksideError
from contracts.streams import EVENTS
from infra.bus.away import answered
from infra.bus.follower import Follower, Overtaken
from infra.bus.recounting import kept
from infra.history import HistoryDamaged, HistoryMissing, KeptFact, Part
from infra.history.archive import ObjectArchive
from infra.history.contents import Contents
from infra.history.leaving import Ear, Leaving
from infra.history.part import PartWriter

PART_BYTES = 64 * 1024**2
"""Bytes of facts in one part, before compression."""
_EVERYTHING = ("evt.>",)
_SECONDS = 5.0

Step = Literal["read", "stored", "listed", "purged"]
Told = Callable[[Step, int], None]
"""Called at each step with the sequence up to which it is taken."""


class ArchiveOfAnotherStream(TracksideError):
    """The archive holds other facts than the stream does at the same places."""

    def __init__(self, sequence: int) -> None:
        super().__init__(
            f"The archive and the stream have different facts at {sequence}, so the archive is that of another stream. "
            "Nothing was taken out. Move its objects, history/ in the object store, to where that stream is read."
        )


class ArchivedMeanwhile(TracksideError):
    """Somebody else archives the same stream at this moment."""

    def __init__(self) -> None:
        super().__init__("Facts left the stream while they were read: somebody else archives it. Try again afterwards.")


@dataclass(frozen=True)
class Retired:
    """What became, or would become, of the facts in the stream."""

    facts: int
    """Those that left, or may leave."""
    fact_bytes: int
    parts: int
    """Those that were written."""
    part_bytes: int
    held: int
    """Facts that are old enough, and wait for a consumer."""
    waits_for: dict[str, int]
    """Names of those consumers, each with the facts that it has not acknowledged."""
    left: int
    """Facts that stay in the stream because they are young."""


class Archivist:
    """Takes old facts out of the stream."""

    def __init__(self, client: Client, archive: ObjectArchive, told: Told, part_bytes: int = PART_BYTES) -> None:
        """``client`` is an identity that archives."""
        self._stream = client.jetstream(timeout=_SECONDS)
        self._archive = archive
        self._told = told
        self._part_bytes = part_bytes
        self._parts: list[Part] = []

    async def look(self, before: datetime) -> Retired:
        """Return what may leave that was stored before ``before``; nothing is changed.

        Raises:
            BusUnavailable: if nats-server does not answer.
        """
        state = await self._state()
        leaving = Leaving(before, await self._ears())
        async with aclosing(self._free(leaving, state.first_seq - 1)) as facts:
            async for fact in facts:
                self._told("read", fact.sequence)
        return self._retired(leaving, state)

    async def archive(self, before: datetime) -> Retired:
        """Take out what may leave that was stored before ``before``; a dead one's unfinished work is finished first.

        Raises:
            ArchiveOfAnotherStream: if the archive is not this stream's.
            ArchivedMeanwhile: if somebody else does the same.
            BusUnavailable: if nats-server does not answer.
            HistoryUnreadable: if the archive cannot be read.
            ObjectsUnavailable: if the object store does not answer, or is full.
        """
        last = await self._finished()
        state = await self._state()
        leaving = Leaving(before, await self._ears())
        async with aclosing(self._free(leaving, last)) as facts:
            while piece := await self._written(facts, last):
                last = piece.last
                await self._purge(last)
        return self._retired(leaving, state)

    async def _finished(self) -> int:
        """Take out what is archived already; return the sequence behind which archiving goes on."""
        # In this order: another one lists a part before its facts leave the stream.
        state = await self._state()
        parts = await asyncio.to_thread(self._archive.parts)
        last = parts[-1].last if parts else 0
        if state.first_seq > last + 1:
            raise HistoryMissing(last + 1, state.first_seq - 1)
        if parts and state.first_seq <= last:
            await self._check_same(state, last)
            await self._purge(last)
        return last

    async def _check_same(self, state: StreamState, last: int) -> None:
        """Raise unless the stream has the facts that the archive has, as far as both go."""
        if state.last_seq < last:
            raise ArchiveOfAnotherStream(state.last_seq + 1)
        archived = self._archive.facts(_EVERYTHING, state.first_seq - 1, last + 1)
        async with aclosing(self._read(state.first_seq - 1)) as facts:
            while group := await asyncio.to_thread(next, archived, None):
                for fact in group:
                    found = await anext(facts)
                    if (found.sequence, found.subject, found.data) != (fact.sequence, fact.subject, fact.data):
                        raise ArchiveOfAnotherStream(fact.sequence)

    async def _written(self, facts: AsyncGenerator[KeptFact, None], after: int) -> Part | None:
        """Write the next part and list it; return None if no fact is left for one."""
        with tempfile.TemporaryDirectory(prefix="trackside-history-") as folder:
            path = Path(folder) / "part.parquet"
            number = size = last = 0
            contents = Contents()
            with PartWriter(path) as writer:
                async for fact in facts:
                    writer.add(fact)
                    contents.add(fact.subject)
                    number, size, last = number + 1, size + fact.size, fact.sequence
                    self._told("read", last)
                    if size >= self._part_bytes:
                        break
            if not number:
                return None
            key, digest, held = await asyncio.to_thread(self._archive.store, path)
        self._told("stored", last)
        written = Part(
            first=after + 1,
            last=last,
            facts=number,
            fact_bytes=size,
            key=key,
            digest=digest,
            size=held,
            stems=contents.stems(),
            keys=contents.keys(),
        )
        listed = await asyncio.to_thread(self._archive.enter, written)
        if listed != written:
            raise ArchivedMeanwhile
        await asyncio.to_thread(self._check_readable, listed)
        self._told("listed", last)
        self._parts.append(listed)
        return listed

    def _check_readable(self, part: Part) -> None:
        """Read a part as it will be read, before the stream forgets what is in it."""
        found = sum(len(group) for group in self._archive.facts_of(part, _EVERYTHING, part.first - 1, part.last + 1))
        if found != part.facts:
            raise HistoryDamaged(part.key, f"it has {found} facts, not {part.facts}")

    async def _free(self, leaving: Leaving, after: int) -> AsyncGenerator[KeptFact, None]:
        """Yield the facts behind a place in the stream that may leave."""
        async with aclosing(self._read(after)) as facts:
            async for fact in facts:
                if leaving.is_young(fact):
                    return
                if leaving.may_leave(fact):
                    yield fact

    async def _read(self, after: int) -> AsyncGenerator[KeptFact, None]:
        follower = Follower(self._stream, EVENTS, _EVERYTHING)
        try:
            await answered(partial(follower.start, replay=True, after=max(after, 0)))
            while follower.waiting:
                yield kept(await follower.next())
        except Overtaken:
            raise ArchivedMeanwhile from None
        finally:
            await follower.stop()

    async def _purge(self, last: int) -> None:
        await answered(partial(self._stream.purge_stream, EVENTS, seq=last + 1))
        self._told("purged", last)

    async def _state(self) -> StreamState:
        return (await answered(partial(self._stream.stream_info, EVENTS))).state

    async def _ears(self) -> list[Ear]:
        """Return every consumer that acknowledges; the others are readers, who find in the archive what has left."""
        found: list[ConsumerInfo] = []
        while page := await answered(partial(self._stream.consumers_info, EVENTS, len(found))):
            found += page
        return [_ear(info) for info in found if info.config.ack_policy != AckPolicy.NONE]

    def _retired(self, leaving: Leaving, state: StreamState) -> Retired:
        return Retired(
            facts=leaving.free,
            fact_bytes=leaving.free_bytes,
            parts=len(self._parts),
            part_bytes=sum(part.size for part in self._parts),
            held=leaving.held,
            waits_for=dict(leaving.waits_for),
            left=state.messages - leaving.free - leaving.held,
        )


def _ear(info: ConsumerInfo) -> Ear:
    config = info.config
    hears = config.filter_subjects or ([config.filter_subject] if config.filter_subject else [])
    return Ear(info.name, tuple(hears), info.ack_floor.stream_seq if info.ack_floor else 0)
