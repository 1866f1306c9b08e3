"""Facts that have left the stream: kept in the object store in parts, each a Parquet file known by its digest.

A part is written first, then its entry in the index, and only then are its facts taken out of the stream. Whoever reads
from the first fact on reads the parts, then the stream.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from contracts.errors import Misconfigured


@dataclass(frozen=True)
class KeptFact:
    """A fact as it lay in the stream."""

    sequence: int
    """Its place in the stream, which it keeps in the archive."""
    subject: str
    headers: Mapping[str, str]
    data: bytes
    time: datetime
    """When nats-server stored it."""

    @property
    def size(self) -> int:
        """Return its bytes: subject, headers and data."""
        headers = sum(len(name) + len(value) for name, value in self.headers.items())
        return len(self.subject) + headers + len(self.data)


class Part(BaseModel):
    """One part of the archive, as its entry in the index has it."""

    model_config = ConfigDict(frozen=True)

    first: int
    """The sequence behind that of the part before it."""
    last: int
    """The sequence of its last fact."""
    facts: int
    fact_bytes: int
    """Bytes of its facts, as they lay in the stream."""
    key: str
    """Key of the Parquet file in the object store."""
    digest: str
    """SHA-256 of that file, in hexadecimal."""
    size: int
    """Bytes of that file."""
    stems: tuple[str, ...]
    """The subjects of its facts without their keys, each once."""
    keys: str
    """Fingerprints of their keys: CRC-32, sorted, four bytes each, low ones first, in base64."""


class HistoryUnreadable(Misconfigured):
    """Facts that have left the stream cannot be read; trying again does not help."""


class HistoryDamaged(HistoryUnreadable):
    """A part of the archive, or its entry in the index, is not what was written."""

    def __init__(self, key: str, problem: str) -> None:
        self.key = key
        super().__init__(
            f"The archived facts in {key} are damaged: {problem}. "
            "Put that object back from a backup of the object store; nothing else is needed."
        )


class HistoryMissing(HistoryUnreadable):
    """Facts have left the stream, and the archive does not have them."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, last
        super().__init__(
            f"The facts {first} to {last} are neither in the stream nor in the archive, history/ in the object store. "
            "Give this process the object store that they were archived to, or put its objects back from a backup."
        )


class HistoryOutOfReach(HistoryUnreadable):
    """Facts have left the stream, and this reader has no archive to read them in."""

    def __init__(self, last: int) -> None:
        self.last = last
        super().__init__(
            f"The facts up to {last} are in the archive, and this reader was given none. "
            "Give it the object store that they were archived to, or read new facts only."
        )


class Archive(Protocol):
    """Where facts are read that have left the stream."""

    def facts(self, subjects: Sequence[str], after: int, before: int) -> Iterator[Sequence[KeptFact]]:
        """Yield, some at a time, the facts between two sequences whose subject one of ``subjects`` matches.

        Raises:
            HistoryDamaged: if a part is not what was written.
            HistoryMissing: if a part between the two is missing.
            ObjectsUnavailable: if the object store does not answer.
        """
