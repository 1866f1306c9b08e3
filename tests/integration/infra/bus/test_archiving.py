"""Facts that leave the stream: whoever reads from the first one on is told the same as before, whatever happens."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig

from contracts.evaluation import LeaderboardUpdated
from contracts.streams import EVENTS
from contracts.training import FitCompleted
from infra.bus import Delivered
from infra.bus.archiving import ArchivedMeanwhile, ArchiveOfAnotherStream, Archivist, Retired, Step
from infra.bus.client import NatsBus
from infra.bus.connection import connect
from infra.bus.recounting import Recounter
from infra.clock import utc_now
from infra.history import HistoryDamaged, HistoryMissing, HistoryOutOfReach
from infra.history.archive import ObjectArchive
from infra.objects import ObjectsUnavailable
from infra.objects.store import open_objects
from infra.telemetry import Telemetry
from tests.builders.archivist import archived_elsewhere, killed_behind
from tests.builders.history import history
from tests.builders.nats import NatsServer

FACTS = 120
PART_BYTES = 60_000
"""So that some tens of facts are a part."""
ONE_PART = 10**9
MORE_THAN_ONE_FETCH = 600
LATER = timedelta(days=1)


@dataclass
class Long:
    """A stream with a history, and the object store that it is archived to."""

    server: NatsServer
    client: Client
    folder: Path

    @property
    def url(self) -> str:
        return f"file://{self.folder}"

    def archive(self) -> ObjectArchive:
        return ObjectArchive(lambda: open_objects(self.url))

    def archivist(self, told: list[Step] | None = None) -> Archivist:
        steps = [] if told is None else told
        return Archivist(self.client, self.archive(), lambda step, _: steps.append(step), PART_BYTES)

    async def all_told(self, key: str = "*") -> list[Delivered]:
        bus = NatsBus(self.client, "test", Telemetry("test"), archive=self.archive())
        return [fact async for fact in bus.facts(key=key, stop_when_idle=True)]

    async def publish(self, seed: int, number: int) -> None:
        for fact in islice(history(seed), number):
            await self.client.jetstream().publish(fact.address, fact.data, headers=dict(fact.headers))

    async def retired(self, before: datetime | None = None) -> Retired:
        return await self.archivist().archive(before or utc_now() + LATER)

    async def first(self) -> int:
        return (await self.client.jetstream().stream_info(EVENTS)).state.first_seq

    async def heard(self, subject: str, acknowledged: int) -> None:
        """Have somebody outside hear ``subject``, who has acknowledged so many of its facts."""
        stream = self.client.jetstream()
        config = ConsumerConfig(durable_name="outside-acme", filter_subjects=[subject], ack_policy=AckPolicy.EXPLICIT)
        await stream.add_consumer(EVENTS, config)
        facts = await stream.pull_subscribe_bind(consumer="outside-acme", stream=EVENTS)
        for raw in await facts.fetch(acknowledged) if acknowledged else ():
            await raw.ack_sync()


@pytest.fixture
async def long(tmp_path: Path) -> AsyncIterator[Long]:
    server = NatsServer(tmp_path / "nats")
    server.folder.mkdir()
    server.start()
    client = await connect(server.url, None, name="cli")
    stream = client.jetstream()
    await stream.add_stream(name=EVENTS, subjects=["evt.>"])
    long = Long(server, client, tmp_path / "objects")
    await long.publish(1, FACTS)
    yield long
    await client.close()
    server.kill()


async def test_who_reads_from_the_first_fact_on_is_told_the_same_as_before(long: Long) -> None:
    before = await long.all_told()
    key = before[70].message.key
    by_key = await long.all_told(key=key)
    assert (await long.retired()).facts == FACTS
    assert (await long.client.jetstream().stream_info(EVENTS)).state.messages == 0
    assert await long.all_told() == before
    assert await long.all_told(key=key) == by_key
    assert [fact.sequence for fact in before] == list(range(1, FACTS + 1))


async def test_what_is_young_stays_in_the_stream_and_is_told_behind_the_archive(long: Long) -> None:
    before = await long.all_told()
    facts = [fact async for fact in Recounter(long.client.jetstream(), ["evt.>"], None).facts(stop_when_idle=True)]
    retired = await long.retired(before=facts[80].time)
    assert (retired.facts, retired.left, await long.first()) == (80, FACTS - 80, 81)
    assert retired.parts > 1
    assert await long.all_told() == before
    bus = NatsBus(long.client, "test", Telemetry("test"), archive=long.archive())
    assert await bus.first_kept() == 81
    ranked = [fact async for fact in bus.facts(LeaderboardUpdated, stop_when_idle=True)]
    assert ranked == [fact for fact in before if isinstance(fact.message, LeaderboardUpdated)]


async def test_looking_changes_nothing_and_says_what_would_go(long: Long) -> None:
    looked = await long.archivist().look(utc_now() + LATER)
    assert (looked.facts, looked.parts, await long.first()) == (FACTS, 0, 1)
    assert not long.folder.exists()
    done = await long.retired()
    assert (done.facts, done.fact_bytes) == (looked.facts, looked.fact_bytes)


async def test_a_fact_waits_for_who_hears_it_and_has_not_acknowledged_it(long: Long) -> None:
    await long.heard(f"{FitCompleted.subject}.*", acknowledged=10)
    retired = await long.retired()
    # Every second fact is of a fit; the twentieth is of a board, which the other does not hear.
    assert (retired.facts, retired.held, await long.first()) == (20, FACTS - 20, 21)
    assert retired.waits_for == {"outside-acme": (FACTS - 20) // 2}


async def test_who_hears_none_of_the_facts_is_not_waited_for(long: Long) -> None:
    await long.heard("evt.ingest.>", acknowledged=0)
    assert (await long.retired()).facts == FACTS


@pytest.mark.parametrize("part_bytes", [PART_BYTES, ONE_PART])
@pytest.mark.parametrize("step", ["stored", "listed", "purged"])
async def test_a_kill_behind_any_step_loses_and_doubles_nothing(long: Long, step: Step, part_bytes: int) -> None:
    before = await long.all_told()
    await asyncio.to_thread(killed_behind, step, long.server.url, long.url, utc_now() + LATER, part_bytes)
    assert await long.all_told() == before
    await long.retired()
    assert (await long.client.jetstream().stream_info(EVENTS)).state.messages == 0
    assert await long.all_told() == before
    parts = long.archive().parts()
    assert (parts[0].first, parts[-1].last, sum(part.facts for part in parts)) == (1, FACTS, FACTS)


async def test_facts_that_leave_while_they_are_read_are_read_in_the_archive(long: Long) -> None:
    await long.publish(2, MORE_THAN_ONE_FETCH)
    before = await long.all_told()
    bus = NatsBus(long.client, "test", Telemetry("test"), archive=long.archive())
    told: list[Delivered] = []
    async with asyncio.timeout(20):
        async for fact in bus.facts(FitCompleted, stop_when_idle=True):
            if not told:
                await long.retired()
            told.append(fact)
    assert told == [fact for fact in before if isinstance(fact.message, FitCompleted)]


async def test_a_follower_that_has_seen_the_end_goes_on_behind_the_archive(long: Long) -> None:
    bus = NatsBus(long.client, "test", Telemetry("test"), archive=long.archive())
    told: list[int] = []
    async for fact in bus.facts():
        told.append(fact.sequence)
        if len(told) == FACTS:
            await long.retired()
            await long.publish(2, 3)
        if len(told) == FACTS + 3:
            break
    assert told == list(range(1, FACTS + 4))


async def test_a_follower_that_was_away_while_facts_came_and_left_is_told_them(long: Long) -> None:
    bus, stream = NatsBus(long.client, "test", Telemetry("test"), archive=long.archive()), long.client.jetstream()
    told: list[int] = []
    async with asyncio.timeout(20):
        async for fact in bus.facts():
            told.append(fact.sequence)
            if len(told) == FACTS:
                for reader in await stream.consumers_info(EVENTS):
                    await stream.delete_consumer(EVENTS, reader.name)
                await long.publish(2, 3)
                await long.retired()
                await long.publish(3, 1)
            if len(told) == FACTS + 4:
                break
    assert told == list(range(1, FACTS + 5))


async def test_a_reader_without_an_archive_is_told_that_it_cannot_read_and_not_less(long: Long) -> None:
    await long.retired()
    bus = NatsBus(long.client, "test", Telemetry("test"))
    with pytest.raises(HistoryOutOfReach, match=f"The facts up to {FACTS} are in the archive"):
        await anext(bus.facts(stop_when_idle=True))
    assert [fact async for fact in bus.facts(replay=False, stop_when_idle=True)] == []


async def test_nothing_leaves_the_stream_when_a_part_cannot_be_stored(long: Long) -> None:
    long.folder.mkdir()
    (long.folder / "history").write_text("in the way")
    with pytest.raises(ObjectsUnavailable):
        await long.retired()
    assert await long.first() == 1


async def test_a_damaged_part_is_named(long: Long) -> None:
    await long.retired()
    part = long.archive().parts()[1]
    path = long.folder / part.key
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(HistoryDamaged, match=part.key):
        await long.all_told()


async def test_a_missing_part_is_named_by_its_facts(long: Long) -> None:
    await long.retired()
    parts = long.archive().parts()
    (long.folder / parts[1].key).unlink()
    with pytest.raises(HistoryMissing, match=f"{parts[1].first} to {parts[1].last}"):
        await long.all_told()


async def test_a_purge_by_hand_is_not_passed_over(long: Long) -> None:
    await long.client.jetstream().purge_stream(EVENTS, seq=11)
    with pytest.raises(HistoryMissing, match="The facts 1 to 10"):
        await long.all_told()
    with pytest.raises(HistoryMissing, match="The facts 1 to 10"):
        await long.retired()
    assert (await long.first(), long.archive().parts()) == (11, [])


async def test_the_archive_of_another_stream_takes_nothing_out_of_this_one(long: Long) -> None:
    await long.retired()
    stream = long.client.jetstream()
    await stream.delete_stream(EVENTS)
    await stream.add_stream(name=EVENTS, subjects=["evt.>"])
    await long.publish(3, FACTS + 5)
    with pytest.raises(ArchiveOfAnotherStream):
        await long.retired()
    assert await long.first() == 1


@pytest.mark.parametrize("step", ["read", "stored"])
async def test_of_two_who_archive_at_the_same_time_one_gives_way(long: Long, step: Step) -> None:
    before = await long.all_told()
    others = iter([archived_elsewhere])

    def let_the_other_go_first(done: Step, _sequence: int) -> None:
        if done == step and (other := next(others, None)):
            other(long.server.url, long.url, utc_now() + LATER, 2 * PART_BYTES)

    archivist = Archivist(long.client, long.archive(), let_the_other_go_first, PART_BYTES)
    with pytest.raises(ArchivedMeanwhile):
        await archivist.archive(utc_now() + LATER)
    assert await long.all_told() == before
    assert long.archive().parts()[-1].last == FACTS
