"""From a source to a table: what is there, whether it has changed, and where it was read."""

from collections.abc import Iterator
from contextlib import contextmanager

from contracts.errors import Unavailable
from contracts.ingest import DatasetVersionRegistered, SourceRead
from contracts.sources import SourceAsked
from infra.objects import Objects, ObjectsUnavailable
from services.ingest.connectors import Connectors, options_of
from services.ingest.credentials import CredentialsFolder
from services.ingest.domain.source_errors import SourceAway
from services.ingest.domain.table import Table, Taken
from services.ingest.intake import DATASETS, ObjectIntake
from services.ingest.manifest import decoded, encoded, manifest_of, new_in
from services.ingest.sources import Files, Found
from services.ingest.watch import Watch


class SourceReader:
    """Reads sources of every kind that has a connector."""

    def __init__(
        self, connectors: Connectors, credentials: CredentialsFolder, intake: ObjectIntake, objects: Objects
    ) -> None:
        self._connectors = connectors
        self._credentials = credentials
        self._intake = intake
        self._objects = objects

    def read(self, asked: SourceAsked, before: DatasetVersionRegistered | None, watch: Watch | None = None) -> Taken:
        """Turn what a source holds into a stored table; nothing is read if it is what ``before`` was made of.

        Raises:
            Refusal: if it cannot become one; then nothing is stored that a fact would name.
            ObjectsUnavailable: if the platform's own object store does not answer.
        """
        source = self._connectors.of(asked.kind)
        options = options_of(source, asked.options)
        with _answered(options.where), source.open(options, self._credentials.of(source, asked.credentials)) as found:
            read = self._looked_at(found, SourceRead(kind=asked.kind, where=options.where), before)
            if before is not None and read.manifest is not None and _same_place(read, before.source):
                return Taken(Table.of(before), read)
            return Taken(self._intake.take_found(found, options.where, watch), read)

    def _looked_at(self, found: Found, read: SourceRead, before: DatasetVersionRegistered | None) -> SourceRead:
        manifest = manifest_of(found)
        key = None if manifest is None else self._objects.put(DATASETS, [encoded(manifest)], ".json").key
        known = {"manifest": key, "lineage": dict(found.lineage)}
        if not isinstance(found, Files):
            return read.model_copy(update=known)
        last = before.source.manifest if before is not None and before.source is not None else None
        new = None if manifest is None else new_in(manifest, decoded(self._objects.read(last)) if last else {})
        return read.model_copy(update={**known, "files": len(found.files), "new": new})


@contextmanager
def _answered(where: str) -> Iterator[None]:
    """Refuse what a source that is away cannot be read for: whoever asked decides whether to wait for it.

    The platform's own store is another thing: without it nothing can be answered, and the bus tries again.
    """
    try:
        yield
    except ObjectsUnavailable:
        raise
    except Unavailable as away:
        raise SourceAway(where, str(away)) from None


def _same_place(read: SourceRead, before: SourceRead | None) -> bool:
    if before is None:
        return False
    return (read.kind, read.where, read.manifest) == (before.kind, before.where, before.manifest)
