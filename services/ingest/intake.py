"""From an upload to a table in the object store."""

import tempfile
from pathlib import Path

from infra.objects import ObjectMissing, Objects
from services.ingest.domain.content import HEAD, format_of
from services.ingest.domain.errors import NoRows, TooFewRows, UploadMissing
from services.ingest.domain.table import Malformed, Table
from services.ingest.reading.delimited import comma_notes, kinds_of, prepare
from services.ingest.reading.parquet import write_canonical
from services.ingest.reading.profile import columns_of, version_of
from services.ingest.reading.typed import Limits, write_typed

_UPLOADS = "uploads/"
_DATASETS = "datasets"


class ObjectIntake:
    """Reads uploads out of the object store, and keeps the tables that they hold there too.

    Bytes that no fact names do no harm: an upload stays, and so does a table whose registration failed afterwards. They
    are for a sweep to remove, never for a reader to find.
    """

    def __init__(self, objects: Objects, *, memory: str, threads: int, scratch: Path | None = None) -> None:
        """``memory`` and ``threads`` bound one reading; ``scratch`` is a folder for its files, the system's if None."""
        self._objects = objects
        self._memory = memory
        self._threads = threads
        self._scratch = scratch

    def take(self, upload: str, filename: str) -> Table:
        """Turn an upload into a stored table.

        Raises:
            Refusal: if it cannot become one; then nothing is stored.
        """
        if not upload.startswith(_UPLOADS):
            raise UploadMissing(upload)
        with tempfile.TemporaryDirectory(prefix="trackside-ingest-", dir=self._scratch) as folder:
            try:
                return self._taken(upload, filename, Path(folder))
            except ObjectMissing:
                raise UploadMissing(upload) from None

    def _taken(self, upload: str, filename: str, folder: Path) -> Table:
        head = next(self._objects.stream(upload), b"")[:HEAD]
        limits = Limits(self._memory, self._threads, folder)
        target = folder / "table.parquet"
        notes: tuple[str, ...] = ()
        malformed = Malformed()
        if format_of(filename, head) == "parquet":
            rows = self._from_parquet(upload, filename, target)
        else:
            rows, malformed, notes = self._from_delimited(upload, filename, target, limits)
        if rows < 2:
            raise TooFewRows(filename, rows) if rows or malformed.listed else NoRows(filename)
        version, columns = version_of(target), columns_of(target, limits)
        stored = self._objects.put_file(_DATASETS, target, ".parquet")
        return Table(version, rows, columns, malformed, stored.key, stored.digest, notes)

    def _from_parquet(self, upload: str, filename: str, target: Path) -> int:
        source = target.with_name("upload.parquet")
        with source.open("wb") as file:
            file.writelines(self._objects.stream(upload))
        return write_canonical(filename, source, target)

    def _from_delimited(
        self, upload: str, filename: str, target: Path, limits: Limits
    ) -> tuple[int, Malformed, tuple[str, ...]]:
        file, notes = prepare(filename, lambda: self._objects.stream(upload), target.with_name("upload.csv"))
        rows, malformed = write_typed(file, kinds_of(file), target, limits)
        return rows, malformed, (*notes, *comma_notes(file))
