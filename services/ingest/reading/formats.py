"""Files of every format that is read, each by its reader."""

from collections.abc import Callable
from pathlib import Path

from services.ingest.domain.content import HEAD, Format, format_of
from services.ingest.domain.table import Malformed
from services.ingest.reading import arrow, json_lines, parquet
from services.ingest.reading.decompressed import decompressed
from services.ingest.reading.delimited import comma_notes, kinds_of, prepare
from services.ingest.reading.typed import Limits, write_typed
from services.ingest.sources import File

Reading = tuple[int, Malformed, tuple[str, ...]]
"""Rows, those that were left out, and notes for a person."""


def read(file: File, target: Path, limits: Limits) -> Reading:
    """Turn a file of any format into a Parquet file at ``target`` with canonical types; files beside it are scratch.

    Raises:
        Refusal: if it cannot become one.
    """
    plain = decompressed(file)
    head = next(plain.open(), b"")[:HEAD]
    return _READERS[format_of(plain.name, head)](plain, target, limits)


def _delimited(file: File, target: Path, limits: Limits) -> Reading:
    prepared, notes = prepare(file.name, file.open, target.with_name("upload.csv"))
    rows, malformed = write_typed(prepared, kinds_of(prepared), target, limits)
    return rows, malformed, (*notes, *comma_notes(prepared))


def _excel(file: File, target: Path, limits: Limits) -> Reading:
    from services.ingest.reading import excel  # noqa: PLC0415 - openpyxl costs a third of a second to import

    return excel.read(file, target, limits)


_READERS: dict[Format, Callable[[File, Path, Limits], Reading]] = {
    "delimited": _delimited,
    "json lines": json_lines.read,
    "excel": _excel,
    "parquet": parquet.read,
    "arrow": arrow.read,
}
