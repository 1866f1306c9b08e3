"""What ingest hears and says: files become dataset versions."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from contracts.ids import DatasetVersionId, Digest, IngestionId, Key, Name
from contracts.message import Command, Event, Progress, Query, Refused, Value

LogicalType = Literal["integer", "float", "boolean", "string", "date", "timestamp"]


class Column(Value):
    """One column of a dataset version, as ingest counted it."""

    name: str
    """The column's name in the file."""
    type: LogicalType
    """The type that all its values have."""
    missing: int
    """Rows without a value."""
    distinct: int
    """How many different values it has."""
    rarest: int | None = None
    """Rows of its least frequent value, missing values aside; None if there are too many values to count each."""


class RejectedRow(Value):
    """A row that was not registered, and why; ``line`` counts from 1, the header included."""

    line: int
    """Its line in the file."""
    problem: str
    """Why it was left out."""
    file: str | None = None
    """The file that it stands in; None if there was only one."""


class SourceRead(Value):
    """Where the rows of a dataset version were read, when nobody uploaded them."""

    kind: Name
    """Which connector read it."""
    where: str
    """The place, for a person; never a secret."""
    files: int | None = None
    """How many files it had; None if it has rows of its own, as a database has."""
    new: int | None = None
    """Files that the dataset's version before did not have, or had with other bytes; None if that is not known."""
    manifest: str | None = None
    """Key of the list of its files in the object store, each with what changes when its bytes do."""
    lineage: Mapping[str, str] = Field(default_factory=dict)
    """What else is known of it, such as the commit."""


class RegisterDataset(Command):
    """Make the uploaded file the next version of the dataset ``name``."""

    subject: ClassVar[str] = "cmd.ingest.dataset.register.v1"
    keyed_by: ClassVar[str] = "ingestion_id"

    ingestion_id: Key
    name: Name
    """The dataset's name."""
    upload: str
    """Key of the bytes in the object store, under ``uploads/``; ending in ``/``, all files below it are one table."""
    filename: str
    """What the file was called where it came from; its ending says the format; of several files, their folder's."""


class DatasetVersionRegistered(Event):
    """A dataset has a new immutable version, known by the digest of its content.

    rows + listed = rows that an independent count found in the file.
    """

    subject: ClassVar[str] = "evt.ingest.dataset.registered.v1"
    keyed_by: ClassVar[str] = "ingestion_id"

    ingestion_id: IngestionId
    name: Name
    """The dataset's name."""
    version: DatasetVersionId
    """The canonical content digest of the rows (docs/adr: ts1)."""
    number: int
    """1 for the first version of this name, and so on; an unchanged content keeps its number."""
    unchanged: bool
    """True when this name already had this very content as its latest version."""
    rows: int
    """Rows that were registered."""
    columns: tuple[Column, ...]
    listed: int
    """How many rows were malformed, and so were left out."""
    rejected: tuple[RejectedRow, ...]
    """The first of them."""
    data: str
    """Key of the Parquet file in the object store."""
    data_digest: Digest
    """SHA-256 of that file."""
    filename: str
    registered_at: datetime
    notes: tuple[str, ...] = ()
    """What a person should know about how the file was read, in sentences."""
    source: SourceRead | None = None
    """Where it was read, if it was not uploaded."""
    profile: str | None = None
    """Key of the profile of its columns in the object store; None if it was registered before there were profiles."""


class DatasetRejected(Refused):
    """A file could not become a dataset version; nothing of it was registered."""

    subject: ClassVar[str] = "evt.ingest.dataset.rejected.v1"
    keyed_by: ClassVar[str] = "ingestion_id"

    ingestion_id: IngestionId
    name: Name
    """The name that the dataset would have had."""


class IngestionInHand(Progress):
    """Ingest has an upload or a source in its hands: said at once, and then every second until it is answered."""

    subject: ClassVar[str] = "progress.ingest.dataset.inhand.v1"
    keyed_by: ClassVar[str] = "ingestion_id"

    ingestion_id: IngestionId
    name: Name
    """The name that the dataset will have."""
    phase: Literal["reading", "typing", "profiling", "storing"]
    """What is done with it now: bytes are read, values become types, columns are counted, the table is stored."""
    bytes: int
    """Bytes read so far."""
    total_bytes: int | None = None
    """Bytes that there are; None if that is not known."""
    rows: int | None = None
    """Rows read so far; None as long as they are not told apart."""
    seconds: float
    """How long it has been in hand."""


class CancelIngestion(Command):
    """Read no further; nothing of it is registered, and its own command is answered by DatasetRejected.

    It waits for no other command: the one that it is about may be in hand for hours.
    """

    subject: ClassVar[str] = "cmd.ingest.dataset.cancel.v1"
    keyed_by: ClassVar[str] = "ingestion_id"

    ingestion_id: Key


class IngestionCancelled(Event):
    """An ingestion is cancelled: what has it in hand puts it down, and it is never begun again."""

    subject: ClassVar[str] = "evt.ingest.dataset.cancelled.v1"
    keyed_by: ClassVar[str] = "ingestion_id"

    ingestion_id: IngestionId
    cancelled_at: datetime


class IngestionCancelRefused(Refused):
    """There was nothing to cancel."""

    subject: ClassVar[str] = "evt.ingest.cancel.refused.v1"
    keyed_by: ClassVar[str] = "ingestion_id"

    ingestion_id: IngestionId


class DatasetSummary(Value):
    """One dataset, by its latest version."""

    name: Name
    """The dataset's name."""
    version: DatasetVersionId
    number: int
    rows: int
    """Rows of its latest version."""
    columns: tuple[Column, ...]
    listed: int
    registered_at: datetime


class Datasets(Value):
    """Every dataset, the latest registered first."""

    datasets: tuple[DatasetSummary, ...]
    """One by one."""


class ListDatasets(Query[Datasets]):
    """Which datasets are there?"""

    subject: ClassVar[str] = "qry.ingest.dataset.list.v1"
    keyed_by: ClassVar[str] = "scope"
    answer: ClassVar[type[Value]] = Datasets

    scope: Key = "all"
