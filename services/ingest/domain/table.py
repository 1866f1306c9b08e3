"""What an upload turned out to hold."""

from dataclasses import dataclass
from typing import Self

from contracts.ids import DatasetVersionId
from contracts.ingest import Column, DatasetVersionRegistered, RejectedRow, SourceRead


@dataclass(frozen=True)
class Malformed:
    """The rows that were left out of a table."""

    listed: int = 0
    rejected: tuple[RejectedRow, ...] = ()
    """The first of them."""


@dataclass(frozen=True)
class Table:
    """Rows that lie in the object store, known by the digest of their content."""

    version: DatasetVersionId
    rows: int
    columns: tuple[Column, ...]
    malformed: Malformed
    data: str
    """Key of the Parquet file."""
    data_digest: str
    notes: tuple[str, ...] = ()
    """What a person should know about how the file was read."""
    profile: str | None = None
    """Key of the table's profile; None if it was made before there were any."""

    @classmethod
    def of(cls, fact: DatasetVersionRegistered) -> Self:
        """Return the table that a version was made of."""
        return cls(
            version=fact.version,
            rows=fact.rows,
            columns=fact.columns,
            malformed=Malformed(fact.listed, fact.rejected),
            data=fact.data,
            data_digest=fact.data_digest,
            notes=fact.notes,
            profile=fact.profile,
        )


@dataclass(frozen=True)
class Taken:
    """What became of a source."""

    table: Table
    source: SourceRead
