from datetime import UTC, datetime, timedelta

import pytest

from contracts.schedules import Missed
from services.scheduler.domain.policy import LOST, MOST, Decision, decide

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def due(*minutes_ago: int) -> list[datetime]:
    return [NOW - timedelta(minutes=minutes) for minutes in minutes_ago]


def decided(slots: list[datetime], missed: Missed = "once", waiting_since: datetime | None = None) -> list[Decision]:
    return list(decide(slots, NOW, missed, waiting_since))


def read_of(decisions: list[Decision]) -> list[datetime]:
    return [decision.slot for decision in decisions if decision.read]


@pytest.mark.parametrize("missed", ["none", "once", "all"])
def test_a_slot_on_time_is_read_and_there_is_nothing_to_say(missed: Missed) -> None:
    assert decided(due(0), missed) == [Decision(NOW, read=True)]


@pytest.mark.parametrize("missed", ["none", "once", "all"])
def test_nothing_due_decides_nothing(missed: Missed) -> None:
    assert decided([], missed) == []


def test_of_missed_slots_the_latest_is_made_up_for_and_the_others_are_told_together() -> None:
    passed, made_up = decided(due(180, 120, 60))
    assert passed == Decision(
        due(120)[0], read=False, why="Missed, with the 1 before it: nothing ran when they were due."
    )
    assert made_up == Decision(due(60)[0], read=True, why="60 min late: nothing ran when it was due.")


def test_who_wants_no_missed_slot_gets_the_next_one_on_time() -> None:
    assert read_of(decided(due(120, 60), "none")) == []
    assert read_of(decided(due(120, 60, 0), "none")) == [NOW]


def test_every_slot_that_is_passed_over_stands_behind_the_one_that_is_told() -> None:
    (passed,) = decided(due(120, 60), "none")
    assert passed.slot == due(60)[0]


def test_who_wants_all_missed_slots_gets_them_in_order() -> None:
    assert read_of(decided(due(180, 120, 60), "all")) == due(180, 120, 60)


def test_no_flood_comes_after_a_long_silence() -> None:
    passed, *made_up = decided(due(*range(1000, 0, -1)), "all")
    assert passed.slot == due(MOST + 1)[0]
    assert passed.why == "Missed, with the 899 before it: nothing ran when they were due."
    assert read_of(made_up) == due(*range(MOST, 0, -1))


@pytest.mark.parametrize("missed", ["none", "once", "all"])
def test_a_slot_is_skipped_while_a_read_has_no_answer(missed: Missed) -> None:
    (decision,) = decided(due(0), missed, NOW - timedelta(minutes=2))
    assert decision == Decision(NOW, read=False, why="The read asked for at 2026-11-26 02:58:00 UTC has no answer yet.")


def test_missed_slots_that_are_all_wanted_wait_for_no_answer() -> None:
    assert read_of(decided(due(120, 60), "all", NOW - timedelta(minutes=180))) == due(120, 60)


def test_a_read_that_never_was_answered_holds_up_the_schedule_for_some_hours_only() -> None:
    assert read_of(decided(due(0), "once", NOW - LOST + SECOND)) == []
    assert read_of(decided(due(0), "once", NOW - LOST)) == [NOW]
