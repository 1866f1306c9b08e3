from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.schedules import Missed
from services.scheduler.domain.schedule import Schedule
from tests.builders.scheduled import a_schedule

BEGINNING = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
MINUTES = st.integers(-30, 600).map(lambda minutes: BEGINNING + timedelta(minutes=minutes))


@given(
    st.sampled_from(["* * * * *", "*/7 * * * *", "30 2 * * *", "*/20 1-3 * * *"]),
    st.sampled_from(["none", "once", "all"]),
    st.lists(MINUTES, max_size=8),
    st.data(),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_however_often_and_out_of_order_it_is_woken_each_slot_is_decided_once(
    cron: str, missed: Missed, woken: list[datetime], data: st.DataObject
) -> None:
    schedule = Schedule.of(a_schedule(cron=cron, zone="Europe/Paris", missed=missed), BEGINNING)
    decided: list[datetime] = []
    for now in woken:
        facts = schedule.fire(now)
        for fact in facts:
            schedule = schedule.fired(fact)
            decided.append(fact.slot)
        if schedule.waits_for and data.draw(st.booleans()):
            schedule = schedule.answered("version 1 of penguins, 60 rows")
        assert schedule.fire(now) == [], "what was due then is decided"
        assert schedule.due is None or schedule.due > now
    assert decided == sorted(set(decided))
