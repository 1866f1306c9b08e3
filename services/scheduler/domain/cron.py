"""A cron expression: which days, hours and minutes it names, and how that is said to people."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime

from cronsim import CronSim, CronSimError

from services.scheduler.domain.errors import NotACronExpression

_FIELDS = 5


@dataclass(frozen=True)
class Cron:
    """Five fields, read as Debian's cron reads them."""

    text: str
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    """Days of the month, and ``CronSim.LAST`` or ``CronSim.LAST_WEEKDAY`` for those counted from its end."""
    months: frozenset[int]
    weekdays: frozenset[int | tuple[int, int]]
    """0 or 7 is Sunday; a pair is the weekday and which of the month's, or ``CronSim.LAST``."""
    both_days: bool
    """Whether the day of the month and the day of the week have to match; else one is enough."""
    by_the_clock: bool
    """Whether it names times of day; else it names an interval, as a ``*`` in front of minute or hour says."""

    @classmethod
    def parse(cls, text: str) -> "Cron":
        """Return what ``text`` means.

        Raises:
            NotACronExpression: if it has not five fields, or one of them names nothing.
        """
        fields = text.split()
        if len(fields) != _FIELDS:
            raise NotACronExpression(text, f"it has {len(fields)} fields, not five")
        try:
            parsed = CronSim(" ".join(fields), datetime(2000, 1, 1, tzinfo=UTC))
        except CronSimError as error:
            raise NotACronExpression(text, f"it has a {str(error).lower()}") from None
        return cls(
            text=" ".join(fields),
            minutes=frozenset(parsed.minutes),
            hours=frozenset(parsed.hours),
            days=frozenset(parsed.days),
            months=frozenset(parsed.months),
            weekdays=frozenset(parsed.weekdays),
            both_days=fields[2].startswith("*") or fields[4].startswith("*"),
            by_the_clock=not fields[0].startswith("*") and not fields[1].startswith("*"),
        )

    def has_day(self, day: date) -> bool:
        """Return whether it has slots on a day."""
        if day.month not in self.months:
            return False
        month_day, weekday = self._has_month_day(day), self._has_weekday(day)
        return month_day and weekday if self.both_days else month_day or weekday

    def has_time(self, local: datetime) -> bool:
        """Return whether it names this minute of a day that it has."""
        return local.minute in self.minutes and local.hour in self.hours

    def explained(self) -> str:
        """Return when that is, in words, such as ``At 03:00 every day``."""
        return str(CronSim(self.text, datetime(2000, 1, 1, tzinfo=UTC)).explain())

    def _has_month_day(self, day: date) -> bool:
        if day.day in self.days:
            return True
        if CronSim.LAST in self.days and day.day == _last(day):
            return True
        return CronSim.LAST_WEEKDAY in self.days and day.day == _last_weekday(day)

    def _has_weekday(self, day: date) -> bool:
        nth = (day.day - 1) // 7 + 1
        is_last = day.day + 7 > _last(day)
        names = {0, 7} if day.isoweekday() == 7 else {day.isoweekday()}
        return any(
            name in self.weekdays or (name, nth) in self.weekdays or (is_last and (name, CronSim.LAST) in self.weekdays)
            for name in names
        )


def _last(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def _last_weekday(day: date) -> int:
    last = _last(day)
    return last - max(0, date(day.year, day.month, last).isoweekday() - 5)
