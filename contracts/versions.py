"""A dataset's versions: which there are, how two differ, and how one is removed for good."""

from datetime import datetime
from typing import ClassVar, Literal

from contracts.ids import DatasetVersionId, IngestionId, Key, Name
from contracts.ingest import LogicalType
from contracts.message import Command, Event, Query, Refused, Value

Drift = Literal["none", "slight", "strong", "unknown"]


class ColumnNamed(Value):
    """A column by its name and type."""

    name: str
    """The column's name in the file."""
    type: LogicalType
    """The type that all its values have."""


class ColumnRetyped(Value):
    """A column whose values are of another type than before."""

    name: str
    """The column's name in the file."""
    was: LogicalType
    """Its type before."""
    type: LogicalType
    """Its type now."""


class SchemaDifference(Value):
    """Which columns came, went, or changed their type."""

    added: tuple[ColumnNamed, ...]
    """Columns that were not there before."""
    removed: tuple[ColumnNamed, ...]
    """Columns that are there no more."""
    retyped: tuple[ColumnRetyped, ...]
    """Columns whose type changed."""

    def __bool__(self) -> bool:
        """Return whether anything differs."""
        return bool(self.added or self.removed or self.retyped)


class DatasetSchemaChanged(Event):
    """A dataset's new version has other columns than the one before; stated with its registration."""

    subject: ClassVar[str] = "evt.ingest.schema.changed.v1"
    keyed_by: ClassVar[str] = "ingestion_id"

    ingestion_id: IngestionId
    name: Name
    """The dataset's name."""
    number: int
    """The new version's number."""
    before: int
    """The number of the version before."""
    difference: SchemaDifference
    """What changed."""


class RemoveDatasetVersion(Command):
    """Remove a version of the dataset ``name`` for good: the rows too, unless another version has the same.

    Answered by DatasetVersionRemoved or RemovalRefused.
    """

    subject: ClassVar[str] = "cmd.ingest.dataset.remove.v1"
    keyed_by: ClassVar[str] = "removal_id"

    removal_id: Key
    name: Name
    """The dataset's name."""
    number: int
    """Which version."""


class VersionNamed(Value):
    """A dataset version by its name and number."""

    name: Name
    """The dataset's name."""
    number: int


class DatasetVersionRemoved(Event):
    """A dataset version is gone; its number is not given again."""

    subject: ClassVar[str] = "evt.ingest.dataset.removed.v1"
    keyed_by: ClassVar[str] = "removal_id"

    removal_id: Key
    name: Name
    """The dataset's name."""
    number: int
    """Which version it was."""
    version: DatasetVersionId
    objects: tuple[str, ...]
    """Keys of the objects that are gone."""
    removed_bytes: int
    """Their bytes."""
    kept_for: tuple[VersionNamed, ...]
    """The versions that have the same content, so that the rows stay; empty if the rows are gone."""
    removed_at: datetime


class RemovalRefused(Refused):
    """A dataset version was not removed."""

    subject: ClassVar[str] = "evt.ingest.removal.refused.v1"
    keyed_by: ClassVar[str] = "removal_id"

    removal_id: Key


class VersionSummary(Value):
    """One version of a dataset."""

    number: int
    version: DatasetVersionId
    rows: int
    columns: int
    """How many columns."""
    registered_at: datetime
    profile: str | None
    """Key of the profile of its columns in the object store; None if it has none."""


class DatasetVersions(Value):
    """Every version of a dataset that is there, the latest first."""

    name: Name
    """The dataset's name."""
    versions: tuple[VersionSummary, ...]
    """One by one."""


class ListVersions(Query[DatasetVersions]):
    """Which versions has the dataset ``name``?"""

    subject: ClassVar[str] = "qry.ingest.version.list.v1"
    keyed_by: ClassVar[str] = "name"
    answer: ClassVar[type[Value]] = DatasetVersions

    name: Name
    """The dataset's name."""


class ColumnDrift(Value):
    """How the values of one column moved from one version to another."""

    name: str
    """The column's name in the file."""
    drift: Drift
    """How far they moved: none below 0.1, strong from 0.25 on; unknown where nothing can be compared."""
    stability: float | None
    """The population stability index: 0 for the same shares of rows; None where nothing can be compared."""
    missing_before: float
    """The share of rows without a value, before."""
    missing_after: float
    """The share of rows without a value, after."""


class VersionsCompared(Value):
    """The answer to CompareVersions."""

    name: Name
    """The dataset's name."""
    before: VersionSummary
    """The version that is compared with."""
    after: VersionSummary
    """The version that is compared."""
    difference: SchemaDifference
    """Which columns came, went, or changed their type."""
    drifts: tuple[ColumnDrift, ...]
    """The columns that both have with one type, the one that moved farthest first."""


class CompareVersions(Query[VersionsCompared]):
    """How do two versions of a dataset differ?"""

    subject: ClassVar[str] = "qry.ingest.version.compare.v1"
    keyed_by: ClassVar[str] = "name"
    answer: ClassVar[type[Value]] = VersionsCompared

    name: Name
    """The dataset's name."""
    before: int | None = None
    """Number of the version to compare with; the one before the other if None."""
    after: int | None = None
    """Number of the version to compare; the latest if None."""
