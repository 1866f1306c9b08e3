"""The rows of what ingest has in hand: how far each is, how fast it goes, and when it was last heard of."""

from collections import deque
from collections.abc import Iterable

from contracts.ids import IngestionId
from contracts.ingest import DatasetRejected, DatasetVersionRegistered, IngestionInHand
from ui.web.projections.rows import Row

FORGOTTEN = 60_000
"""Milliseconds without a sign after which an ingestion is shown no more: ingest is gone, or its answer was missed."""
_PACE = 8
"""Signs that the rate is taken from."""

Signs = deque[tuple[float, int]]


class Ingestions:
    """What is in hand, by id."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}
        self._signs: dict[str, Signs] = {}

    def hear(self, sign: IngestionInHand, at: int) -> None:
        """Take in a sign that came at ``at``, in milliseconds."""
        key = sign.ingestion_id
        signs = self._signs.setdefault(key, deque(maxlen=_PACE))
        if signs and sign.seconds < signs[-1][0]:
            signs.clear()  # it was taken up anew
        signs.append((sign.seconds, sign.bytes))
        rate = _rate(signs)
        left = None if sign.total_bytes is None else max(0, sign.total_bytes - sign.bytes)
        self._rows[key] = {
            **sign.model_dump(mode="json", exclude={"ingestion_id", "total_bytes"}),
            "id": key,
            "total": sign.total_bytes,
            "rate": rate,
            "left": left / rate if left is not None and rate and sign.phase == "reading" else None,
            "at": at,
        }

    def end(self, answer: DatasetVersionRegistered | DatasetRejected) -> list[IngestionId]:
        """Forget what was answered; return its id if it was in hand."""
        return self._forgotten([answer.ingestion_id])

    def look(self, now: int) -> list[IngestionId]:
        """Forget what was not heard of for long, and return the ids."""
        return self._forgotten([IngestionId(key) for key, row in self._rows.items() if now - row["at"] > FORGOTTEN])

    def row(self, key: str) -> Row:
        """Return one; of what is in hand no more, that it is over."""
        return self._rows.get(key, {"id": key, "over": True})

    def all(self) -> list[Row]:
        """Return all that are in hand."""
        return list(self._rows.values())

    def _forgotten(self, keys: Iterable[IngestionId]) -> list[IngestionId]:
        gone = [key for key in keys if self._rows.pop(key, None) is not None]
        for key in gone:
            del self._signs[key]
        return gone


def _rate(signs: Signs) -> float | None:
    """Return bytes a second over the latest signs; None while that is a guess."""
    (began, first), (ended, last) = signs[0], signs[-1]
    return (last - first) / (ended - began) if ended > began and last > first else None
