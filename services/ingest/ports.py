"""What ingest needs from outside."""

from typing import Protocol

from contracts.ids import DatasetVersionId
from contracts.ingest import DatasetRejected, DatasetVersionRegistered
from services.ingest.domain.table import Table

Answer = DatasetVersionRegistered | DatasetRejected


class Intake(Protocol):
    """Where uploads are read."""

    def take(self, upload: str, filename: str) -> Table:
        """Turn an upload into a stored table; raise the Refusal that says why it cannot become one."""


class Versions(Protocol):
    """Every dataset version, and what was answered to each command."""

    def answer(self, ingestion_id: str) -> Answer | None:
        """Return what this ingestion was answered, if it was."""

    def latest(self, name: str) -> DatasetVersionRegistered | None:
        """Return the latest version of the dataset ``name``."""

    def with_content(self, version: DatasetVersionId) -> DatasetVersionRegistered | None:
        """Return a registration of this content, under whatever name."""

    def record(self, answer: Answer) -> None:
        """Remember an answer, and the version that it states; a second time changes nothing."""

    def all_latest(self) -> list[DatasetVersionRegistered]:
        """Return the latest version of each dataset, the latest registered first."""
