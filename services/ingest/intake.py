"""From an upload to a table in the object store."""

import tempfile
from pathlib import Path

from infra.objects import ObjectMissing, Objects
from services.ingest.domain.content import HEAD, format_of
from services.ingest.domain.errors import NoRows, TooFewRows, UploadMissing
from services.ingest.domain.source_errors import MiscountedRows, NothingThere
from services.ingest.domain.table import Malformed, Table
from services.ingest.reading.delimited import comma_notes, kinds_of, prepare
from services.ingest.reading.parquet import write_batches, write_canonical
from services.ingest.reading.profile import columns_of, version_of
from services.ingest.reading.typed import Limits, write_typed
from services.ingest.sources import File, Files, Found, Rows

_UPLOADS = "uploads/"
DATASETS = "datasets"
"""Where tables lie, and the manifests of the sources that they were read from."""


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
        file = File(filename, None, None, lambda: self._objects.stream(upload))
        try:
            return self.take_found(Files([file]), filename)
        except ObjectMissing:
            raise UploadMissing(upload) from None

    def take_found(self, found: Found, where: str) -> Table:
        """Turn what a source holds into a stored table; ``where`` names it to a person.

        Raises:
            Refusal: if it cannot become one; then nothing is stored.
        """
        with tempfile.TemporaryDirectory(prefix="trackside-ingest-", dir=self._scratch) as folder:
            limits = Limits(self._memory, self._threads, Path(folder))
            target = limits.scratch / "table.parquet"
            malformed, notes = Malformed(), tuple[str, ...]()
            if isinstance(found, Rows):
                rows = self._from_rows(found, where, target)
            else:
                rows, malformed, notes = self._from_files(found, where, target, limits)
            if rows < 2:
                raise TooFewRows(where, rows) if rows or malformed.listed else NoRows(where)
            version, columns = version_of(target), columns_of(target, limits)
            stored = self._objects.put_file(DATASETS, target, ".parquet")
            return Table(version, rows, columns, malformed, stored.key, stored.digest, notes)

    def _from_rows(self, found: Rows, where: str, target: Path) -> int:
        rows = write_batches(found.schema, found.batches, target)
        counted = found.counted()
        if counted is not None and counted != rows:
            raise MiscountedRows(where, counted, rows)
        return rows

    def _from_files(
        self, found: Files, where: str, target: Path, limits: Limits
    ) -> tuple[int, Malformed, tuple[str, ...]]:
        if not found.files:
            raise NothingThere(where, "Check the place and the pattern.")
        [file] = found.files
        head = next(file.open(), b"")[:HEAD]
        if format_of(file.name, head) == "parquet":
            return self._from_parquet(file, target), Malformed(), ()
        return self._from_delimited(file, target, limits)

    def _from_parquet(self, file: File, target: Path) -> int:
        source = target.with_name("upload.parquet")
        with source.open("wb") as copy:
            copy.writelines(file.open())
        return write_canonical(file.name, source, target)

    def _from_delimited(self, file: File, target: Path, limits: Limits) -> tuple[int, Malformed, tuple[str, ...]]:
        prepared, notes = prepare(file.name, file.open, target.with_name("upload.csv"))
        rows, malformed = write_typed(prepared, kinds_of(prepared), target, limits)
        return rows, malformed, (*notes, *comma_notes(prepared))
