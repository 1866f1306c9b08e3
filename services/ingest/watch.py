"""One ingestion while it is in hand: how far it is, and whether it is to go on."""

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Literal

import pyarrow as pa

from contracts.ids import IngestionId
from contracts.ingest import IngestionInHand
from services.ingest.domain.cancel_errors import Cancelled
from services.ingest.sources import File, Found, Rows

Phase = Literal["reading", "typing", "profiling", "storing"]


class Watch:
    """Counts what is read, and stops it at the next piece once it is cancelled; read in one thread, asked in others."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._cancelled = Event()
        self._phase: Phase = "reading"
        self._read: dict[str, int] = {}
        self._total: int | None = None
        self._rows: int | None = None

    def cancel(self) -> None:
        """Let it go no further."""
        self._cancelled.set()

    def enter(self, phase: Phase) -> None:
        """Begin what comes next.

        Raises:
            Cancelled: if it is to go no further.
        """
        if self._cancelled.is_set():
            raise Cancelled
        self._phase = phase

    def over(self, found: Found) -> Found:
        """Return the same files or rows, counted as they are read; reading them raises as ``enter`` does."""
        if isinstance(found, Rows):
            return replace(found, batches=self._batches(found.batches))
        sizes = [file.size for file in found.files]
        self._total = sum(size for size in sizes if size is not None) if None not in sizes else None
        return replace(found, files=[replace(file, open=partial(self._pieces, file)) for file in found.files])

    def sign(self, ingestion_id: str, name: str) -> IngestionInHand:
        """Return how far it is."""
        return IngestionInHand(
            ingestion_id=IngestionId(ingestion_id),
            name=name,
            phase=self._phase,
            bytes=sum(list(self._read.values())),
            total_bytes=self._total,
            rows=self._rows,
            seconds=round(time.monotonic() - self._began, 3),
        )

    def _pieces(self, file: File) -> Iterator[bytes]:
        """Yield a file's bytes; one that is read again, such as its head, counts once."""
        passed = 0
        self.enter("reading")
        for piece in file.open():
            passed += len(piece)
            self._read[file.name] = max(passed, self._read.get(file.name, 0))
            yield piece
            self.enter("reading")
        self.enter("typing")

    def _batches(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        self._rows = 0
        for batch in batches:
            self.enter("reading")
            self._rows += batch.num_rows
            self._read[""] = self._read.get("", 0) + batch.nbytes
            yield batch
