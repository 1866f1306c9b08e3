"""How often a client may come, and with how much at a time; each client has its own measure."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Self

from services.ingest.api.refusals import TooFast, TooManyAtOnce
from services.ingest.settings import IngestSettings

_BURST_SECONDS = 2.0
_MOST = 1000


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


@dataclass(frozen=True)
class Measures:
    """What every client is measured by."""

    rate: Rate
    waiting: Places
    """For those who wait for facts."""
    uploading: Places

    @classmethod
    def of(cls, settings: IngestSettings) -> Self:
        """Return the measures that the settings name."""
        return cls(
            Rate(settings.http_rate),
            Places(settings.http_waiting, "INGEST_HTTP_WAITING"),
            Places(settings.http_uploading, "INGEST_HTTP_UPLOADING"),
        )
