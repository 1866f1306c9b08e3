from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.ids import IngestionId, ScheduleId
from contracts.ingest import DatasetRejected
from contracts.message import Message
from contracts.schedules import (
    ListSchedules,
    RemoveSchedule,
    ScheduleDue,
    ScheduleFired,
    ScheduleRefused,
    ScheduleRemoved,
    ScheduleSet,
    ScheduleSummary,
)
from contracts.sources import ReadSource
from infra.state import State
from services.scheduler import schedules as handlers
from services.scheduler.schedule_store import ScheduleStore
from services.scheduler.store import METADATA, TriggerStore
from tests.builders import a_dataset_version
from tests.builders.scheduled import a_schedule

NIGHT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
"""03:00 in Paris."""
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State(f"sqlite:///{tmp_path}/scheduler.db", METADATA)
    yield state
    state.close()


@pytest.fixture
def schedules(state: State) -> Iterator[ScheduleStore]:
    with state.transaction() as transaction:
        yield ScheduleStore(transaction)


def set_one(schedules: ScheduleStore, now: datetime = NIGHT - HOUR, **fields: object) -> list[Message]:
    command = a_schedule(**{"schedule_id": "nightly", "cron": "0 3 * * *", "zone": "Europe/Paris"} | fields)
    return handlers.set_schedule(command, schedules, lambda: now)


def ring(schedules: ScheduleStore, now: datetime) -> list[Message]:
    return handlers.on_schedule_due(ScheduleDue(schedule_id="nightly", due=now), schedules, lambda: now)


def listed(schedules: ScheduleStore, now: datetime = NIGHT) -> tuple[ScheduleSummary, ...]:
    return handlers.list_schedules(ListSchedules(), schedules, lambda: now).schedules


def answer(schedules: ScheduleStore, command: Message) -> None:
    assert isinstance(command, ReadSource)
    refused = DatasetRejected(
        ingestion_id=IngestionId(command.ingestion_id),
        name="penguins",
        reason="Away",
        cause="It is away.",
        cure="Wait.",
    )
    assert handlers.on_dataset_rejected(refused, schedules) == []


def test_a_schedule_that_is_set_waits_for_its_next_slot(schedules: ScheduleStore) -> None:
    fact, alarm = set_one(schedules)
    assert isinstance(fact, ScheduleSet)
    assert alarm == ScheduleDue(schedule_id="nightly", due=NIGHT)


def test_a_due_slot_reads_the_source_and_arms_the_next(schedules: ScheduleStore) -> None:
    set_one(schedules)
    fired, read, alarm = ring(schedules, NIGHT)
    assert isinstance(fired, ScheduleFired)
    assert (fired.slot, fired.decided, fired.why) == (NIGHT, "read", None)
    assert read == ReadSource(ingestion_id=str(fired.ingestion_id), name="penguins", source=a_schedule().source)
    assert alarm == ScheduleDue(schedule_id="nightly", due=NIGHT + DAY)


def test_an_alarm_that_rings_twice_or_too_early_decides_nothing_and_is_armed_again(schedules: ScheduleStore) -> None:
    set_one(schedules)
    early = ring(schedules, NIGHT - timedelta(seconds=1))
    assert early == [ScheduleDue(schedule_id="nightly", due=NIGHT)]
    ring(schedules, NIGHT)
    assert ring(schedules, NIGHT + timedelta(seconds=1)) == [ScheduleDue(schedule_id="nightly", due=NIGHT + DAY)]


def test_a_slot_has_the_same_ingestion_in_any_state(schedules: ScheduleStore) -> None:
    set_one(schedules)
    fired, *_ = ring(schedules, NIGHT)
    assert isinstance(fired, ScheduleFired)
    with State("sqlite://", METADATA).transaction() as transaction:
        another = ScheduleStore(transaction)
        set_one(another)
        again, *_ = ring(another, NIGHT + timedelta(seconds=30))
    assert isinstance(again, ScheduleFired)
    assert again.ingestion_id == fired.ingestion_id


def test_a_slot_is_skipped_until_the_read_before_it_is_answered(schedules: ScheduleStore) -> None:
    set_one(schedules, NIGHT - timedelta(minutes=1), cron="*/5 * * * *")
    _, read, _ = ring(schedules, NIGHT)
    skipped, _ = ring(schedules, NIGHT + timedelta(minutes=5))
    assert isinstance(skipped, ScheduleFired)
    assert (skipped.decided, skipped.ingestion_id) == ("skipped", None)
    answer(schedules, read)
    assert len(ring(schedules, NIGHT + timedelta(minutes=10))) == 3


def test_the_list_tells_what_the_latest_read_came_to(schedules: ScheduleStore, state: State) -> None:
    set_one(schedules)
    fired, read, _ = ring(schedules, NIGHT)
    assert isinstance(fired, ScheduleFired)
    (before,) = listed(schedules)
    assert before.explained == "At 03:00 every day, Europe/Paris"
    assert before.next[:2] == (NIGHT + DAY, NIGHT + 2 * DAY)
    assert before.last is not None
    assert (before.last.slot, before.last.answer) == (NIGHT, None)
    answer(schedules, read)
    (after,) = listed(schedules)
    assert after.last is not None
    assert after.last.answer == "refused: It is away."


def test_a_registered_version_is_told_and_starts_triggers_all_the_same(state: State) -> None:
    with state.transaction() as transaction:
        schedules, triggers = ScheduleStore(transaction), TriggerStore(transaction)
        set_one(schedules)
        _, read, _ = ring(schedules, NIGHT)
        event = a_dataset_version(ingestion_id=read.key, number=3, unchanged=True)
        assert handlers.on_dataset_version_registered(event, triggers, schedules) == []
        (summary,) = listed(schedules)
    assert summary.last is not None
    assert summary.last.answer == "version 3 of penguins, unchanged"


def test_somebody_elses_answer_changes_nothing(schedules: ScheduleStore) -> None:
    set_one(schedules)
    _, read, _ = ring(schedules, NIGHT)
    answer(schedules, read.model_copy(update={"ingestion_id": "ing-1"}))
    (summary,) = listed(schedules)
    assert summary.last is not None
    assert summary.last.answer is None


def test_a_removed_schedule_is_not_listed_and_its_alarm_finds_nothing_to_do(schedules: ScheduleStore) -> None:
    set_one(schedules)
    removed = handlers.remove_schedule(RemoveSchedule(schedule_id="nightly"), schedules)
    assert removed == [ScheduleRemoved(schedule_id=ScheduleId("nightly"))]
    assert ring(schedules, NIGHT) == []
    assert listed(schedules) == ()
    assert schedules.overdue(NIGHT + DAY) == []


def test_removing_what_is_not_there_is_refused(schedules: ScheduleStore) -> None:
    (refused,) = handlers.remove_schedule(RemoveSchedule(schedule_id="nightly"), schedules)
    assert isinstance(refused, ScheduleRefused)
    assert refused.reason == "UnknownSchedule"


@pytest.mark.parametrize("removed", [True, False])
def test_a_schedule_set_anew_decides_no_slot_again_even_if_the_clock_was_put_back(
    schedules: ScheduleStore, *, removed: bool
) -> None:
    set_one(schedules)
    ring(schedules, NIGHT)
    if removed:
        handlers.remove_schedule(RemoveSchedule(schedule_id="nightly"), schedules)
    *_, alarm = set_one(schedules)
    assert alarm == ScheduleDue(schedule_id="nightly", due=NIGHT + DAY)
    assert len(listed(schedules)) == 1


def test_a_schedule_ends(schedules: ScheduleStore) -> None:
    set_one(schedules, until=NIGHT + HOUR)
    assert len(ring(schedules, NIGHT)) == 2, "there is no next alarm"
    assert listed(schedules)[0].next == ()
    assert schedules.overdue(NIGHT + 3 * DAY) == []


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"cron": "0 0 3 * * *"}, "NotACronExpression"),
        ({"zone": "Europe/Atlantis"}, "UnknownZone"),
        ({"zone": "../etc/passwd"}, "UnknownZone"),
        ({"zone": "Europe"}, "UnknownZone"),
        ({"zone": ""}, "UnknownZone"),
        ({"cron": "0 0 */29 * 1#3"}, "NeverDue"),
        ({"until": NIGHT - timedelta(minutes=1)}, "NeverDue"),
    ],
)
def test_a_schedule_that_cannot_work_is_refused(schedules: ScheduleStore, fields: dict[str, Any], reason: str) -> None:
    (refused,) = set_one(schedules, **fields)
    assert isinstance(refused, ScheduleRefused)
    assert refused.reason == reason
    assert listed(schedules) == ()


def test_what_is_overdue_is_known_until_it_is_decided(state: State) -> None:
    with state.transaction() as transaction:
        set_one(ScheduleStore(transaction))
    with state.transaction() as transaction:
        schedules = ScheduleStore(transaction)
        assert schedules.overdue(NIGHT) == []
        assert schedules.overdue(NIGHT + HOUR) == [ScheduleDue(schedule_id="nightly", due=NIGHT)]
        ring(schedules, NIGHT + HOUR)
    with state.transaction() as transaction:
        assert ScheduleStore(transaction).overdue(NIGHT + HOUR) == []


def test_a_state_rebuilt_from_facts_goes_on_where_the_lost_one_was(schedules: ScheduleStore) -> None:
    facts = [set_one(schedules)[0], *ring(schedules, NIGHT)[:1]]
    before = listed(schedules)
    with State("sqlite://", METADATA).transaction() as transaction:
        rebuilt = ScheduleStore(transaction)
        gone = facts[0].model_copy(update={"schedule_id": "gone"})
        for fact in (gone, *facts):
            recall(fact, rebuilt)
        handlers.recall_removed(ScheduleRemoved(schedule_id=ScheduleId("gone")), rebuilt)
        assert listed(rebuilt) == before
        assert ring(rebuilt, NIGHT + HOUR) == [ScheduleDue(schedule_id="nightly", due=NIGHT + DAY)]


def recall(fact: Message, schedules: ScheduleStore) -> None:
    if isinstance(fact, ScheduleSet):
        handlers.recall_set(fact, schedules)
    else:
        assert isinstance(fact, ScheduleFired)
        handlers.recall_fired(fact, schedules)
