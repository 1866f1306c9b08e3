"""When a cron expression is due in a time zone: each slot is an instant, in UTC.

Times of day come once on each day: where the clock is put forward over one, at the first instant behind the gap; where
it is put back, at the first pass. An interval comes whenever the clock on the wall shows it, in both passes, and never
in a gap. The rule is Debian cron's; the evaluation is ours, since no library kept it in every zone (ADR 0031).
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from services.scheduler.domain.cron import Cron

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_QUARTER = timedelta(minutes=15)
_YEARS = 40
"""How far ahead is looked: the 29th of February is a Monday only once in so long."""


def slots(cron: Cron, zone: ZoneInfo, after: datetime) -> Iterator[datetime]:
    """Yield the slots later than ``after``, in order, as long as there are any within some decades."""
    start = after.astimezone(UTC)
    found = _times_of_day(cron, zone, start) if cron.by_the_clock else _intervals(cron, zone, start)
    previous = start
    for slot in found:
        if slot > previous:
            yield slot
            previous = slot


def next_slot(cron: Cron, zone: ZoneInfo, after: datetime) -> datetime | None:
    """Return the first slot later than ``after``; None if there is none."""
    return next(islice(slots(cron, zone, after), 1), None)


def _times_of_day(cron: Cron, zone: ZoneInfo, start: datetime) -> Iterator[datetime]:
    times = [time(hour, minute) for hour in sorted(cron.hours) for minute in sorted(cron.minutes)]
    # From the day before: a slot of yesterday may be put off behind a gap that begins at midnight.
    for day in _days(start.astimezone(zone).date() - _DAY):
        if cron.has_day(day):
            for at in times:
                yield _instant(datetime.combine(day, at), zone)


def _instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Return when the clock of ``zone`` shows ``local`` first, or has jumped over it."""
    first = local.replace(tzinfo=zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == local:
        return first
    # In a gap: it ends between what the offset behind it and the one before it make of this time.
    low, high = local.replace(tzinfo=zone, fold=1).astimezone(UTC), first
    before = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = (low + (high - low) / 2).replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _intervals(cron: Cron, zone: ZoneInfo, start: datetime) -> Iterator[datetime]:
    for day in _days(start.date()):
        begin = datetime.combine(day, time(), UTC)
        if _may_have_slots(cron, zone, begin):
            for quarter in range(96):
                yield from _within_quarter(cron, zone, begin + quarter * _QUARTER)


def _may_have_slots(cron: Cron, zone: ZoneInfo, begin: datetime) -> bool:
    first, last = begin.astimezone(zone).date(), (begin + _DAY - _MINUTE).astimezone(zone).date()
    # Around, since the clock may be put back over midnight.
    return any(cron.has_day(first + days * _DAY) for days in range(-1, (last - first).days + 2))


def _within_quarter(cron: Cron, zone: ZoneInfo, begin: datetime) -> Iterator[datetime]:
    local = begin.astimezone(zone)
    steady = local.utcoffset() == (begin + _QUARTER).astimezone(zone).utcoffset()
    for minutes in range(15):
        instant = begin + minutes * _MINUTE
        # Of one zone, sums are made on the wall's clock, which is right only while the offset stays.
        shown = local + minutes * _MINUTE if steady else instant.astimezone(zone)
        if cron.has_time(shown) and cron.has_day(shown.date()):
            yield instant


def _days(first: date) -> Iterator[date]:
    for days in range(_YEARS * 366):
        yield first + days * _DAY
