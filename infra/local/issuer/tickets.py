"""One-time log-in tickets: whoever holds one may open the page, once, soon."""

import hashlib
import secrets
from datetime import datetime, timedelta

from infra.clock import Clock

_MOST = 1000


class Tickets:
    """The tickets that wait; they are kept in memory only, as digests, so a restart spends them all."""

    def __init__(self, seconds: int, clock: Clock) -> None:
        self._life = timedelta(seconds=seconds)
        self._clock = clock
        self._waiting: dict[bytes, tuple[str, datetime]] = {}

    def issue(self, subject: str) -> str:
        """Return a new ticket that lets its bearer in as ``subject``."""
        now = self._clock()
        self._waiting = {digest: held for digest, held in self._waiting.items() if held[1] > now}
        while len(self._waiting) >= _MOST:
            self._waiting.pop(next(iter(self._waiting)))
        ticket = secrets.token_urlsafe(32)
        self._waiting[_digest(ticket)] = (subject, now + self._life)
        return ticket

    def redeem(self, ticket: str) -> str | None:
        """Return the subject of a ticket and spend it; None if it is unknown, spent or too old."""
        subject, until = self._waiting.pop(_digest(ticket), ("", datetime.min.replace(tzinfo=self._clock().tzinfo)))
        return subject if until > self._clock() else None


def _digest(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode()).digest()
