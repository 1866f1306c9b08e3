"""What ingest needs from outside."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Protocol

from contracts.ids import DatasetVersionId
from contracts.ingest import DatasetRejected, DatasetVersionRegistered, IngestionCancelled, RegisterDataset
from contracts.message import Progress
from contracts.profiles import Profile
from contracts.sources import CredentialsKept, ReadSource, SourceAsked, SourceKind
from contracts.versions import DatasetVersionRemoved
from services.ingest.domain.table import Table, Taken
from services.ingest.watch import Watch

Answer = DatasetVersionRegistered | DatasetRejected

Announce = Callable[[Progress], None]
"""Says a sign of progress, and does not wait."""


class Intake(Protocol):
    """Where uploads are read."""

    def take(self, upload: str, filename: str, watch: Watch) -> Table:
        """Turn an upload into a stored table; raise the Refusal that says why it cannot become one."""


class Sources(Protocol):
    """Where sources are read."""

    def read(self, asked: SourceAsked, before: DatasetVersionRegistered | None, watch: Watch) -> Taken:
        """Turn a source into a stored table; raise the Refusal that says why it cannot become one."""


class Shelf(Protocol):
    """Where the objects of versions lie."""

    def profile(self, key: str) -> Profile | None:
        """Return a profile; None if the store has lost it."""

    def remove(self, keys: Iterable[str]) -> dict[str, int]:
        """Remove objects; return those that were there, each with its bytes."""


class Kinds(Protocol):
    """The connectors that are installed."""

    def kinds(self) -> tuple[SourceKind, ...]:
        """Return what each says of itself, by name."""


class Keys(Protocol):
    """The credentials that are kept."""

    def kept(self) -> tuple[CredentialsKept, ...]:
        """Return what there is by name, never what it holds."""


class Versions(Protocol):
    """Every dataset version, and what was answered to each command."""

    def answer(self, ingestion_id: str) -> Answer | None:
        """Return what this ingestion was answered, if it was."""

    def latest(self, name: str) -> DatasetVersionRegistered | None:
        """Return the latest version of the dataset ``name``."""

    def glance(self, name: str) -> DatasetVersionRegistered | None:
        """Return the latest version as it is now, and lock nothing: it may be another one a moment later."""

    def highest(self, name: str) -> int:
        """Return the highest number that a version of the dataset ``name`` ever had; 0 if there was none."""

    def all_of(self, name: str) -> list[DatasetVersionRegistered]:
        """Return every version of the dataset ``name`` that is there, the latest first."""

    def removed_of(self, name: str) -> list[DatasetVersionRemoved]:
        """Return every version of the dataset ``name`` that was removed, the latest first."""

    def sharing(self, version: DatasetVersionRegistered) -> list[DatasetVersionRegistered]:
        """Return the other versions, under whatever name, that have its content or one of its objects."""

    def ingestions(self, version: DatasetVersionRegistered) -> list[str]:
        """Return the ingestions that were answered with this version."""

    def forget(self, fact: DatasetVersionRemoved) -> None:
        """Forget a version and its ingestions, but for its number; a second time changes nothing."""

    def with_content(self, version: DatasetVersionId) -> DatasetVersionRegistered | None:
        """Return a registration of this content, under whatever name."""

    def record(self, answer: Answer) -> None:
        """Remember an answer, and the version that it states; a second time changes nothing."""

    def cancel(self, cancelled: IngestionCancelled) -> None:
        """Remember that an ingestion is cancelled; a second time changes nothing."""

    def cancelled(self, ingestion_id: str) -> IngestionCancelled | None:
        """Return that this ingestion is cancelled, if it is."""

    def glance_cancelled(self, ingestion_id: str) -> bool:
        """Return whether it is cancelled as of now, and lock nothing."""

    def all_latest(self) -> list[DatasetVersionRegistered]:
        """Return the latest version of each dataset, the latest registered first."""


class Hands(Protocol):
    """What is in hand."""

    def taking(self, command: RegisterDataset | ReadSource, versions: Versions) -> AbstractContextManager[Watch]:
        """Hold an ingestion while the block works at it; raise Cancelled if it was cancelled before, or once it is."""

    def holds(self, ingestion_id: str) -> bool:
        """Return whether it is in hand, in whichever process, or was a moment ago."""
