"""Schedules on a real nats-server: each slot once, whatever is killed; from the slot to the experiment, one story."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contracts.catalog import HEARS
from contracts.ingest import DatasetVersionRegistered
from contracts.message import Event, Message
from contracts.scheduler import SetTrigger, TriggerFired, TriggerSet
from contracts.schedules import ListSchedules, RemoveSchedule, ScheduleDue, ScheduleFired, ScheduleRemoved, ScheduleSet
from contracts.sources import ReadSource
from contracts.streams import SCHEDULES
from infra.bus import CommandRefused, Delivered, Handler
from infra.bus.client import NatsBus, connect
from infra.bus.connection import connect as raw_client
from infra.bus.streams import provision
from infra.clock import utc_now
from infra.service import Service
from infra.settings import ProcessSettings
from infra.telemetry import Telemetry
from services.scheduler.app import service
from services.scheduler.settings import SchedulerSettings
from tests.builders import a_template
from tests.builders.asking import eventually
from tests.builders.guarded import guarded
from tests.builders.nats import NatsServer
from tests.builders.scheduled import BEGINNING, a_schedule, a_scheduler, fast_clock, obedient_ingest
from tests.builders.service import running

MINUTE = timedelta(minutes=1)
SPEED = 120.0
"""Minutes of two slots a second."""


async def told(bus: NatsBus, *kinds: type[Event]) -> list[Delivered]:
    return [fact async for fact in bus.facts(*kinds, stop_when_idle=True)]


async def slots_of(bus: NatsBus) -> list[datetime]:
    facts = [fact.message for fact in await told(bus, ScheduleFired)]
    return [fact.slot for fact in facts if isinstance(fact, ScheduleFired)]


def assert_every_minute(slots: list[datetime]) -> None:
    assert slots == [slots[0] + number * MINUTE for number in range(len(slots))]


async def at_least(bus: NatsBus, count: int) -> None:
    async def there() -> bool:
        return len(await slots_of(bus)) >= count

    await eventually(there, 60)


async def test_each_slot_is_decided_once_however_often_nats_server_and_the_scheduler_are_killed(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    asked: list[ReadSource] = []
    ingest = ProcessSettings(nats_url=nats_server.url, process="ingest")
    with a_scheduler(nats_server.url, tmp_path, SPEED) as scheduler:
        async with running(obedient_ingest(asked), ingest):
            await bus.order(a_schedule(missed="all"), ScheduleSet)
            for count in (2, 6, 10, 14, 18):
                await at_least(bus, count)
                scheduler.kill()
                if count % 4:
                    nats_server.kill()
                    nats_server.start()
                scheduler.start()
            await at_least(bus, 22)
            later = await connect(nats_server.url, None, "later", Telemetry("later"))
            await later.order(RemoveSchedule(schedule_id="often"), ScheduleRemoved)
            fired = [fact.message for fact in await told(later, ScheduleFired)]
            read = [fact.ingestion_id for fact in fired if isinstance(fact, ScheduleFired) and fact.ingestion_id]

            async def registered() -> bool:
                return [fact.message.key for fact in await told(later, DatasetVersionRegistered)] == read

            await eventually(registered)
            assert_every_minute(await slots_of(later))
            await later.close()


@asynccontextmanager
async def scheduling(
    nats_url: str, folder: Path, *, watch_seconds: float = 3600.0, seed_file: Path | None = None
) -> AsyncIterator[None]:
    """Run a scheduler with a fast clock in this process; its watch is as good as asleep unless told otherwise."""
    settings = SchedulerSettings(
        nats_url=nats_url,
        nats_seed_file=seed_file,
        process="scheduler",
        state_url=f"sqlite:///{folder}/scheduler.db",
        watch_seconds=watch_seconds,
    )
    async with running(service(settings, fast_clock(time.time(), SPEED)), settings):
        yield


async def test_alarms_alone_keep_a_schedule_going(bus: NatsBus, nats_server: NatsServer, tmp_path: Path) -> None:
    async with scheduling(nats_server.url, tmp_path):
        await bus.order(a_schedule(), ScheduleSet)
        await at_least(bus, 5)


async def test_a_schedule_whose_alarm_is_lost_is_woken_by_the_watch(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    client = await raw_client(nats_server.url, None, name="vandal")
    async with scheduling(nats_server.url, tmp_path, watch_seconds=0.2):
        await bus.order(a_schedule(), ScheduleSet)
        await at_least(bus, 2)
        for count in (4, 6):
            await client.jetstream().purge_stream(SCHEDULES)
            await at_least(bus, count)
    slots = await slots_of(bus)
    assert len(slots) == len(set(slots))
    await client.close()


async def test_an_alarm_rings_at_its_time(bus: NatsBus, nats_server: NatsServer, tmp_path: Path) -> None:
    rung: list[datetime] = []

    def ring(_alarm: ScheduleDue) -> list[Message]:
        rung.append(utc_now())
        return []

    settings = ProcessSettings(nats_url=nats_server.url, process="scheduler")
    handlers: dict[type[Message], Handler] = dict.fromkeys(HEARS["scheduler"], Handler(lambda _message: []))
    async with running(Service("scheduler", handlers | {ScheduleDue: Handler(ring)}), settings):
        due = utc_now() + timedelta(seconds=1.5)
        await bus.publish(ScheduleDue(schedule_id="a", due=due + timedelta(hours=1)))
        await bus.publish(ScheduleDue(schedule_id="a", due=due))

        async def heard() -> bool:
            return bool(rung)

        await eventually(heard)
    assert due <= rung[0] < due + timedelta(minutes=1), "and not at the other hour"


async def test_a_state_that_is_lost_repeats_no_slot(bus: NatsBus, nats_server: NatsServer, tmp_path: Path) -> None:
    for folder in ("before", "after"):
        (tmp_path / folder).mkdir()
    asked: list[ReadSource] = []
    ingest = ProcessSettings(nats_url=nats_server.url, process="ingest")
    async with running(obedient_ingest(asked), ingest):
        async with scheduling(nats_server.url, tmp_path / "before"):
            await bus.order(a_schedule(missed="all"), ScheduleSet)
            await at_least(bus, 3)
        async with scheduling(nats_server.url, tmp_path / "after", watch_seconds=0.2):
            # The clock of this one begins anew, so that it comes by every slot again.
            await at_least(bus, 6)
    assert_every_minute(await slots_of(bus))


async def test_a_slot_the_version_and_the_experiment_are_one_story(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    asked: list[ReadSource] = []
    ingest = ProcessSettings(nats_url=nats_server.url, process="ingest")
    async with scheduling(nats_server.url, tmp_path), running(obedient_ingest(asked), ingest):
        await bus.order(SetTrigger(trigger_id="nightly", dataset="penguins", template=a_template()), TriggerSet)
        await bus.order(a_schedule(), ScheduleSet)
        await at_least(bus, 2)

        async def triggered() -> bool:
            return len(await told(bus, TriggerFired)) >= 2

        await eventually(triggered)
    chain = [await told(bus, kind) for kind in (ScheduleFired, DatasetVersionRegistered, TriggerFired)]
    stories = [[fact.envelope.correlation_id for fact in facts[:2]] for facts in chain]
    assert stories[0] == stories[1] == stories[2]
    assert len({*stories[0]}) == 2, "each slot begins a story of its own"


async def test_a_read_that_is_refused_is_told_in_the_list(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    ingest = ProcessSettings(nats_url=nats_server.url, process="ingest")
    async with scheduling(nats_server.url, tmp_path), running(obedient_ingest([], refusing=True), ingest):
        await bus.order(a_schedule(), ScheduleSet)

        async def told_why() -> bool:
            (schedule,) = (await bus.ask(ListSchedules())).schedules
            return schedule.last is not None and schedule.last.answer == "refused: The field station is away."

        await eventually(told_why)


async def test_a_slot_is_skipped_while_the_read_before_it_has_no_answer(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path
) -> None:
    async with scheduling(nats_server.url, tmp_path):  # without ingest, nobody answers
        await bus.order(a_schedule(), ScheduleSet)
        await at_least(bus, 2)
    first, second = [fact.message for fact in await told(bus, ScheduleFired)][:2]
    assert isinstance(first, ScheduleFired)
    assert isinstance(second, ScheduleFired)
    assert (first.decided, second.decided) == ("read", "skipped")
    assert second.why is not None
    assert "has no answer yet" in second.why


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"cron": "0 0 3 * * *"}, "NotACronExpression"),
        ({"cron": "61 3 * * *"}, "NotACronExpression"),
        ({"zone": "Europe/Atlantis"}, "UnknownZone"),
        ({"until": BEGINNING - MINUTE}, "NeverDue"),
    ],
)
async def test_a_schedule_that_cannot_work_is_refused(
    bus: NatsBus, nats_server: NatsServer, tmp_path: Path, fields: dict[str, object], reason: str
) -> None:
    async with scheduling(nats_server.url, tmp_path):
        with pytest.raises(CommandRefused) as refused:
            await bus.order(a_schedule(**fields), ScheduleSet)
    assert refused.value.refusal.reason == reason


async def test_a_scheduler_with_its_own_key_only_may_do_all_of_it(tmp_path: Path) -> None:
    with guarded(tmp_path / "home") as server:
        seed = server.home.seed
        await provision(server.url, seed("provisioner"))
        bus = await connect(server.url, seed("cli"), "cli", Telemetry("cli"))
        asked: list[ReadSource] = []
        ingest = ProcessSettings(nats_url=server.url, nats_seed_file=seed("ingest"), process="ingest")
        async with (
            scheduling(server.url, tmp_path, seed_file=seed("scheduler")),
            running(obedient_ingest(asked), ingest),
        ):
            await bus.order(a_schedule(), ScheduleSet)
            await at_least(bus, 2)
            assert (await bus.ask(ListSchedules())).schedules
            await bus.order(RemoveSchedule(schedule_id="often"), ScheduleRemoved)
        assert asked
        await bus.close()
