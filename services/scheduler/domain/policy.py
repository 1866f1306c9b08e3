"""What becomes of the slots that are due: which are read, which are skipped, and why, in words."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.schedules import Missed

LATE = timedelta(minutes=1)
"""A slot that is decided later than this was missed: nothing ran when it was due."""

LOST = timedelta(hours=6)
"""A read that has had no answer for so long counts as lost, and holds up no slot any more."""

MOST = 100
"""Missed slots that are made up for at once."""


@dataclass(frozen=True)
class Decision:
    """What becomes of one slot."""

    slot: datetime
    read: bool
    why: str | None = None


def decide(
    due: Iterable[datetime], now: datetime, missed: Missed, waiting_since: datetime | None
) -> Iterator[Decision]:
    """Yield what becomes of the slots in ``due``, in order; those passed over are told together, as the latest of them.

    ``waiting_since`` is when the read was asked for that has no answer yet; None if there is none.
    """
    latest = deque[datetime](maxlen=MOST + 1)
    count = 0
    for slot in due:
        latest.append(slot)
        count += 1
    chosen = _chosen([*latest], now, missed)
    if passed := count - len(chosen):
        yield Decision(latest[-len(chosen) - 1], read=False, why=_passed(passed))
    for slot in chosen:
        yield _decided(slot, now, missed, waiting_since)


def _chosen(latest: list[datetime], now: datetime, missed: Missed) -> list[datetime]:
    if missed == "all":
        return latest[-MOST:]
    return [slot for slot in latest[-1:] if missed == "once" or not _is_late(slot, now)]


def _decided(slot: datetime, now: datetime, missed: Missed, waiting_since: datetime | None) -> Decision:
    late = _is_late(slot, now)
    catches_up = late and missed == "all"  # one read behind the other is what was asked for
    if waiting_since is not None and now - waiting_since < LOST and not catches_up:
        why = f"The read asked for at {waiting_since:%Y-%m-%d %H:%M:%S} UTC has no answer yet."
        return Decision(slot, read=False, why=why)
    return Decision(slot, read=True, why=f"{_spoken(now - slot)} late: nothing ran when it was due." if late else None)


def _is_late(slot: datetime, now: datetime) -> bool:
    return now - slot > LATE


def _passed(count: int) -> str:
    if count == 1:
        return "Missed: nothing ran when it was due."
    return f"Missed, with the {count - 1} before it: nothing ran when they were due."


def _spoken(delay: timedelta) -> str:
    minutes = int(delay / timedelta(minutes=1))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{delay.days} days"
