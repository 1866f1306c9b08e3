"""From an upload to a table in the object store."""

import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

from infra.objects import ObjectMissing, Objects
from services.ingest.domain.content import aside_notes, is_readable
from services.ingest.domain.errors import NoRows, TooFewRows, UploadMissing
from services.ingest.domain.partitions import partitions_of
from services.ingest.domain.source_errors import MiscountedRows, NothingThere
from services.ingest.domain.table import Malformed, Table
from services.ingest.reading.formats import read
from services.ingest.reading.many import Read, write_many
from services.ingest.reading.parquet import write_batches
from services.ingest.reading.profile import profiled, version_of
from services.ingest.reading.scratch import room_watched
from services.ingest.reading.typed import Limits
from services.ingest.sources import File, Files, Found, Rows
from services.ingest.watch import Watch

_UPLOADS = "uploads/"
DATASETS = "datasets"
"""Where tables lie, their profiles, and the manifests of the sources that they were read from."""


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

    def take(self, upload: str, filename: str, watch: Watch | None = None) -> Table:
        """Turn an upload into a stored table, as far as ``watch`` lets it.

        Raises:
            Refusal: if it cannot become one; then nothing is stored.
        """
        if not upload.startswith(_UPLOADS):
            raise UploadMissing(upload)
        if upload.endswith("/"):
            return self._take_all(upload, filename, watch)
        try:
            file = File(filename, self._objects.size(upload), None, lambda: self._objects.stream(upload))
            return self.take_found(Files([file]), filename, watch)
        except ObjectMissing:
            raise UploadMissing(upload) from None

    def _take_all(self, upload: str, where: str, watch: Watch | None) -> Table:
        found = sorted(self._objects.listing(upload.rstrip("/")), key=lambda one: one.key)
        if not found:
            raise UploadMissing(upload)
        files = [
            File(one.key.removeprefix(upload), one.size, None, partial(self._objects.stream, one.key)) for one in found
        ]
        aside = [file.name for file in files if not is_readable(file.name)]
        table = self.take_found(Files([file for file in files if is_readable(file.name)] or files), where, watch)
        return replace(table, notes=(*table.notes, *aside_notes(aside)))

    def take_found(self, found: Found, where: str, watch: Watch | None = None) -> Table:
        """Turn what a source holds into a stored table, as far as ``watch`` lets it; ``where`` names it to a person.

        Raises:
            Refusal: if it cannot become one; then nothing is stored.
        """
        watch = watch or Watch()
        found = watch.over(found)
        with room_watched(), tempfile.TemporaryDirectory(prefix="trackside-ingest-", dir=self._scratch) as folder:
            limits = Limits(self._memory, self._threads, Path(folder))
            target = limits.scratch / "table.parquet"
            malformed, notes = Malformed(), tuple[str, ...]()
            if isinstance(found, Rows):
                rows, notes = self._from_rows(found, where, target), found.notes
            else:
                rows, malformed, notes = self._from_files(found, where, target, limits)
            if rows < 2:
                raise TooFewRows(where, rows) if rows or malformed.listed else NoRows(where)
            watch.enter("profiling")
            version, (columns, profile) = version_of(target), profiled(target, limits)
            watch.enter("storing")
            stored = self._objects.put_file(DATASETS, target, ".parquet")
            kept = self._objects.put(DATASETS, [profile.model_dump_json().encode()], ".json")
            return Table(version, rows, columns, malformed, stored.key, stored.digest, notes, kept.key)

    def _from_rows(self, found: Rows, where: str, target: Path) -> int:
        rows = write_batches(found.schema, found.batches, target)
        counted = found.counted()
        if counted is not None and counted != rows:
            raise MiscountedRows(where, counted, rows)
        return rows

    def _from_files(self, found: Files, where: str, target: Path, limits: Limits) -> Read:
        if not found.files:
            raise NothingThere(where, "Check the place and the pattern.")
        if len(found.files) > 1 or partitions_of(found.files[0].name):
            return write_many(found.files, target, limits)
        [file] = found.files
        return read(file, target, limits)
