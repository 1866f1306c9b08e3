"""One-time log-in tickets: whoever holds one may open the page, once, soon."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.clock import Clock

_MOST = 1000


@dataclass(frozen=True)
class Guest:
    """Whom a ticket lets in."""

    subject: str
    role: str
    """One of the roles of people; see contracts/grants.py."""


class Tickets:
    """The tickets that wait; they are kept in memory only, as digests, so a restart spends them all."""

    def __init__(self, seconds: int, clock: Clock) -> None:
        self._life = timedelta(seconds=seconds)
        self._clock = clock
        self._waiting: dict[bytes, tuple[Guest, datetime]] = {}

    def issue(self, guest: Guest) -> str:
        """Return a new ticket that lets its bearer in as ``guest``."""
        now = self._clock()
        self._waiting = {digest: held for digest, held in self._waiting.items() if held[1] > now}
        while len(self._waiting) >= _MOST:
            self._waiting.pop(next(iter(self._waiting)))
        ticket = secrets.token_urlsafe(32)
        self._waiting[_digest(ticket)] = (guest, now + self._life)
        return ticket

    def redeem(self, ticket: str) -> Guest | None:
        """Return whom a ticket lets in, and spend it; None if it is unknown, spent or too old."""
        guest, until = self._waiting.pop(_digest(ticket), (None, self._clock()))
        return guest if until > self._clock() else None


def _digest(ticket: str) -> bytes:
    return hashlib.sha256(ticket.encode()).digest()
