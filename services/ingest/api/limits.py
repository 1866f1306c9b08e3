"""How often a client may come, and with how much at a time; each client has its own measure."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Self

from services.ingest.api.refusals import TooFast, TooManyAtOnce
from services.ingest.settings import IngestSettings

_BURST_SECONDS = 2.0
_MOST = 1000
_PATIENCE_SECONDS = 60.0


class Rate:
    """Requests a second of each client; who was silent may come with as many at once as two seconds allow."""

    def __init__(self, rate: float, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._burst = max(1.0, rate * _BURST_SECONDS)
        self._clock = clock
        self._spent: dict[str, tuple[float, float]] = {}
        """Of each client what it had spent, and when."""

    def take(self, client: str) -> None:
        """Count one request.

        Raises:
            TooFast: if that is one too many.
        """
        now = self._clock()
        spent = self._left_over(client, now)
        if spent + 1 > self._burst:
            raise TooFast(client, self._rate, (spent + 1 - self._burst) / self._rate)
        self._spent[client] = (spent + 1, now)
        if len(self._spent) > _MOST:
            self._spent = {known: held for known, held in self._spent.items() if self._left_over(known, now) > 0}

    def _left_over(self, client: str, now: float) -> float:
        spent, at = self._spent.get(client, (0.0, now))
        return max(0.0, spent - (now - at) * self._rate)


class Places:
    """Requests of one client that may be open at a time."""

    def __init__(self, most: int, setting: str) -> None:
        """``setting`` is where ``most`` stands."""
        self._most = most
        self._setting = setting
        self._taken: Counter[str] = Counter()

    @contextmanager
    def held(self, client: str) -> Iterator[None]:
        """Hold a place while the block runs.

        Raises:
            TooManyAtOnce: if there is none.
        """
        if self._taken[client] >= self._most:
            raise TooManyAtOnce(client, self._most, self._setting)
        self._taken[client] += 1
        try:
            yield
        finally:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]


class Turns:
    """Requests of one client that may go on at a time, while its others wait for their turn."""

    def __init__(self, most: int, setting: str, patience: float = _PATIENCE_SECONDS) -> None:
        """``setting`` is where ``most`` stands."""
        self._most = most
        self._setting = setting
        self._patience = patience
        self._here: Counter[str] = Counter()
        self._turns: dict[str, asyncio.Semaphore] = {}

    @asynccontextmanager
    async def held(self, client: str) -> AsyncIterator[None]:
        """Wait for a turn, and hold it while the block runs.

        Raises:
            TooManyAtOnce: if it does not come in time.
        """
        turn = self._turns.setdefault(client, asyncio.Semaphore(self._most))
        self._here[client] += 1
        try:
            await self._came(turn, client)
            try:
                yield
            finally:
                turn.release()
        finally:
            self._here[client] -= 1
            if not self._here[client]:
                del self._here[client], self._turns[client]

    async def _came(self, turn: asyncio.Semaphore, client: str) -> None:
        try:
            await asyncio.wait_for(turn.acquire(), self._patience)
        except TimeoutError:
            raise TooManyAtOnce(client, self._most, self._setting) from None


@dataclass(frozen=True)
class Measures:
    """What every client is measured by."""

    rate: Rate
    waiting: Places
    """For those who wait for facts."""
    uploading: Places
    sending: Turns
    """For those who send objects of Git LFS, many at a time by themselves."""

    @classmethod
    def of(cls, settings: IngestSettings) -> Self:
        """Return the measures that the settings name."""
        return cls(
            Rate(settings.http_rate),
            Places(settings.http_waiting, "INGEST_HTTP_WAITING"),
            Places(settings.http_uploading, "INGEST_HTTP_UPLOADING"),
            Turns(settings.http_lfs_uploading, "INGEST_HTTP_LFS_UPLOADING"),
        )
