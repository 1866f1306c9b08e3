"""Slots against an oracle that walks the wall's clock minute by minute, and against cronsim where it is right."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from cronsim import CronSim
from hypothesis import example, given, settings
from hypothesis import strategies as st

from services.scheduler.domain.cron import Cron
from services.scheduler.domain.slots import next_slot, slots

MINUTE = timedelta(minutes=1)
ZONES = (
    "UTC", "Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham",
    "Antarctica/Troll", "Asia/Tehran", "America/St_Johns", "America/Sao_Paulo", "Asia/Beirut", "Africa/Casablanca",
    "Asia/Gaza", "Europe/Dublin", "America/Havana", "Asia/Kathmandu",
)  # fmt: skip


def oracle(cron: Cron, zone: ZoneInfo, after: datetime, minutes: int) -> list[datetime]:
    """Return the slots of some minutes, as one finds them who looks at the clock on the wall each minute.

    It looks from two days before, so that it knows which times it has seen in a first pass.
    """
    seen = (after - timedelta(days=2)).astimezone(zone).replace(tzinfo=None)
    found = []
    for number in range(1, 2 * 24 * 60 + minutes + 1):
        instant = after - timedelta(days=2) + number * MINUTE
        shown = instant.astimezone(zone).replace(tzinfo=None)
        if cron.by_the_clock:
            due = any(named(cron, time) for time in wall_minutes(seen, shown))
            seen = max(seen, shown)
        else:
            due = named(cron, shown)
        if due and instant > after:
            found.append(instant)
    return found


def named(cron: Cron, shown: datetime) -> bool:
    return cron.has_day(shown.date()) and cron.has_time(shown)


def wall_minutes(seen: datetime, shown: datetime) -> Iterator[datetime]:
    """Yield each minute of the wall's clock that is new."""
    for number in range(1, int((shown - seen) / MINUTE) + 1):
        yield seen + number * MINUTE


def transitions(zone: ZoneInfo) -> list[datetime]:
    """Return the days in which the clock is changed."""
    days = [datetime(2009, 1, 1, tzinfo=UTC) + timedelta(days=n) for n in range(365 * 21)]
    return [a for a, b in pairwise(days) if a.astimezone(zone).utcoffset() != b.astimezone(zone).utcoffset()]


CHANGES: dict[str, list[datetime]] = {}


def field(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    one = number.map(str)
    span = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    step = st.sampled_from((2, 5, 6, 15, 20)).map(lambda by: f"*/{by}")
    several = st.lists(number, min_size=2, max_size=3).map(lambda some: ",".join(map(str, some)))
    return st.one_of(one, span, step, several, st.just("*"))


def times_of_day() -> st.SearchStrategy[str]:
    minute = st.integers(0, 59).map(str)
    hour = st.one_of(st.integers(0, 4).map(str), st.just("0-5"), st.just("0,2,3"), st.integers(0, 23).map(str))
    return st.tuples(minute, hour).map(" ".join)


def expressions() -> st.SearchStrategy[str]:
    when = st.one_of(times_of_day(), st.tuples(field(0, 59), field(0, 23)).map(" ".join))
    days = st.one_of(
        st.just("* * *"),
        st.tuples(field(1, 28), st.just("*"), field(0, 7)).map(" ".join),
        st.sampled_from(("L * *", "LW * *", "* * 1#2", "* * 5L", "1,15 * 1")),
    )
    return st.tuples(when, days).map(" ".join)


@st.composite
def moments(draw: st.DrawFn) -> tuple[str, datetime]:
    """Return a zone and an instant in it, most of them close to a change of the clock."""
    name = draw(st.sampled_from(ZONES))
    if name not in CHANGES:
        CHANGES[name] = transitions(ZoneInfo(name))
    day = st.integers(0, 365 * 21).map(lambda days: datetime(2009, 1, 1, tzinfo=UTC) + timedelta(days=days))
    near = st.sampled_from(CHANGES[name]) if CHANGES[name] else day
    return name, draw(st.one_of(near, near, day)) + draw(st.integers(-600, 600)) * MINUTE


@given(expressions(), moments())
@example("*/15 */6 * * *", ("Australia/Lord_Howe", datetime(2026, 10, 3, 12, tzinfo=UTC)))
@example("0 9 * * *", ("Pacific/Apia", datetime(2011, 12, 29, 12, tzinfo=UTC)))
@example("* 0 * * *", ("America/St_Johns", datetime(2010, 11, 7, tzinfo=UTC)))  # put back at 00:01
@example("* */6 * * 7", ("America/Sao_Paulo", datetime(2018, 11, 3, 12, tzinfo=UTC)))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_slots_are_those_that_a_watcher_of_the_clock_finds(expression: str, moment: tuple[str, datetime]) -> None:
    name, after = moment
    cron, zone = Cron.parse(expression), ZoneInfo(name)
    window = 36 * 60
    end = after + window * MINUTE
    assert list(takewhile(lambda slot: slot <= end, slots(cron, zone, after))) == oracle(cron, zone, after, window)


@given(times_of_day(), moments())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_times_of_day_are_those_of_cronsim(times: str, moment: tuple[str, datetime]) -> None:
    name, after = moment
    zone = ZoneInfo(name)
    expected = [slot.astimezone(UTC) for slot in islice(CronSim(f"{times} * * *", after.astimezone(zone)), 8)]
    assert list(islice(slots(Cron.parse(f"{times} * * *"), zone, after), 8)) == list(dict.fromkeys(expected))


def due(expression: str, zone: str, after: str, count: int) -> list[str]:
    found = islice(slots(Cron.parse(expression), ZoneInfo(zone), datetime.fromisoformat(after)), count)
    return [slot.astimezone(ZoneInfo(zone)).isoformat() for slot in found]


@pytest.mark.parametrize(
    ("expression", "zone", "after", "expected"),
    [
        # Put forward: 02:30 is not there, so it is due as soon as the gap is over.
        ("30 2 * * *", "Europe/Paris", "2026-03-28T12:00Z", ["2026-03-29T03:00:00+02:00", "2026-03-30T02:30:00+02:00"]),
        # Put back: 02:30 comes twice, and is due at the first.
        ("30 2 * * *", "Europe/Paris", "2026-10-24T12:00Z", ["2026-10-25T02:30:00+02:00", "2026-10-26T02:30:00+01:00"]),
        # An interval goes on through both passes.
        (
            "*/30 * * * *",
            "Europe/Paris",
            "2026-10-25T00:00Z",
            [
                "2026-10-25T02:30:00+02:00",
                "2026-10-25T02:00:00+01:00",
                "2026-10-25T02:30:00+01:00",
                "2026-10-25T03:00:00+01:00",
            ],
        ),
        # A day that never was.
        (
            "0 9 * * *",
            "Pacific/Apia",
            "2011-12-30T00:00Z",
            ["2011-12-31T00:00:00+14:00", "2011-12-31T09:00:00+14:00", "2012-01-01T09:00:00+14:00"],
        ),
        # The clock moves by half an hour.
        ("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00Z", ["2026-10-04T02:30:00+11:00"]),
        ("0 0 29 2 *", "UTC", "2026-01-01T00:00Z", ["2028-02-29T00:00:00+00:00"]),
        ("0 0 L * *", "UTC", "2028-02-01T00:00Z", ["2028-02-29T00:00:00+00:00", "2028-03-31T00:00:00+00:00"]),
        # Both day fields: either is enough, unless one begins with a star.
        ("0 0 13 * 5", "UTC", "2026-11-01T00:00Z", ["2026-11-06T00:00:00+00:00", "2026-11-13T00:00:00+00:00"]),
        ("0 0 */13 * 5", "UTC", "2026-11-01T00:00Z", ["2026-11-27T00:00:00+00:00"]),
    ],
)
def test_a_slot_is_where_people_expect_it(expression: str, zone: str, after: str, expected: list[str]) -> None:
    assert due(expression, zone, after, len(expected)) == expected


def test_two_times_in_one_gap_are_one_slot() -> None:
    found = due("0,30 2 * * *", "Europe/Paris", "2026-03-28T12:00Z", 2)
    assert found == ["2026-03-29T03:00:00+02:00", "2026-03-30T02:00:00+02:00"]


def test_a_fifth_monday_of_february_is_found_though_it_is_decades_away() -> None:
    assert due("0 0 * 2 1#5", "UTC", "2026-01-01T00:00Z", 1) == ["2044-02-29T00:00:00+00:00"]


@pytest.mark.parametrize("expression", ["0 0 */29 * 1#3", "* * */29 * 1#3"])
def test_what_is_never_due_has_no_next_slot(expression: str) -> None:
    assert next_slot(Cron.parse(expression), ZoneInfo("Europe/Paris"), datetime(2026, 1, 1, tzinfo=UTC)) is None
