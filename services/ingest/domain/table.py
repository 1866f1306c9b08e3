"""What an upload turned out to hold."""

from dataclasses import dataclass

from contracts.ids import DatasetVersionId
from contracts.ingest import Column, RejectedRow


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
