"""What this role has in hand: each ingestion is announced every second, and put down when it is cancelled."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock

from contracts.ingest import IngestionCancelled, IngestionInHand, RegisterDataset
from contracts.sources import ReadSource
from infra.bus.beating import beating
from services.ingest.domain.cancel_errors import Cancelled
from services.ingest.ports import Announce, Versions
from services.ingest.watch import Watch

_EVERY = 1.0
_REMEMBERED = 20.0
"""Seconds after the last sign of an ingestion in which it may only wait to be tried again."""


class Desk:
    """Every ingestion that this process has in hand, and what it hears of those of the others."""

    def __init__(self, announce: Announce, every: float = _EVERY) -> None:
        """``announce`` says a sign of progress, ``every`` so many seconds."""
        self._announce = announce
        self._every = every
        self._lock = Lock()
        self._in_hand: dict[str, Watch] = {}
        self._heard: dict[str, float] = {}

    @contextmanager
    def taking(self, command: RegisterDataset | ReadSource, versions: Versions) -> Iterator[Watch]:
        """Hold an ingestion while the block works at it.

        Raises:
            Cancelled: at once, if it was cancelled before; or as soon as it is.
        """
        watch, key = Watch(), command.ingestion_id
        with self._lock:
            self._in_hand[key] = watch
        try:
            # Looked up once it is in hand: whoever cancels it from now on finds it there.
            if versions.glance_cancelled(key):
                raise Cancelled
            with beating(self._announce, partial(watch.sign, key, command.name), self._every):
                yield watch
        finally:
            with self._lock:
                del self._in_hand[key]

    def holds(self, ingestion_id: str) -> bool:
        """Return whether it is in hand, here or in a process alike, or was a moment ago."""
        with self._lock:
            heard = self._heard.get(ingestion_id)
            return ingestion_id in self._in_hand or (heard is not None and time.monotonic() - heard < _REMEMBERED)

    def hear(self, message: IngestionInHand | IngestionCancelled) -> None:
        """Take in a sign of an ingestion, whoever has it in hand, or that it is cancelled."""
        now = time.monotonic()
        with self._lock:
            if isinstance(message, IngestionInHand):
                self._heard = {key: at for key, at in self._heard.items() if now - at < _REMEMBERED}
                self._heard[message.ingestion_id] = now
            elif watch := self._in_hand.get(message.ingestion_id):
                watch.cancel()
