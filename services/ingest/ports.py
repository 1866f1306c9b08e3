"""What ingest needs from outside."""

from typing import Protocol

from contracts.ids import DatasetVersionId
from contracts.ingest import DatasetRejected, DatasetVersionRegistered
from contracts.sources import SourceAsked, SourceKind
from services.ingest.domain.table import Table, Taken

Answer = DatasetVersionRegistered | DatasetRejected


class Intake(Protocol):
    """Where uploads are read."""

    def take(self, upload: str, filename: str) -> Table:
        """Turn an upload into a stored table; raise the Refusal that says why it cannot become one."""


class Sources(Protocol):
    """Where sources are read."""

    def read(self, asked: SourceAsked, before: DatasetVersionRegistered | None) -> Taken:
        """Turn a source into a stored table; raise the Refusal that says why it cannot become one."""


class Kinds(Protocol):
    """The connectors that are installed."""

    def kinds(self) -> tuple[SourceKind, ...]:
        """Return what each says of itself, by name."""


class Versions(Protocol):
    """Every dataset version, and what was answered to each command."""

    def answer(self, ingestion_id: str) -> Answer | None:
        """Return what this ingestion was answered, if it was."""

    def latest(self, name: str) -> DatasetVersionRegistered | None:
        """Return the latest version of the dataset ``name``."""

    def glance(self, name: str) -> DatasetVersionRegistered | None:
        """Return the latest version as it is now, and lock nothing: it may be another one a moment later."""

    def with_content(self, version: DatasetVersionId) -> DatasetVersionRegistered | None:
        """Return a registration of this content, under whatever name."""

    def record(self, answer: Answer) -> None:
        """Remember an answer, and the version that it states; a second time changes nothing."""

    def all_latest(self) -> list[DatasetVersionRegistered]:
        """Return the latest version of each dataset, the latest registered first."""
