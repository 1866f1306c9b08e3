"""Several files made one table: each becomes a part as it comes, then the parts are joined."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from contracts.errors import Refusal
from services.ingest.domain.content import HEAD, Format, format_of
from services.ingest.domain.joined import missing_notes
from services.ingest.domain.kinds import Kind
from services.ingest.domain.many_errors import MixedFormats, told_with
from services.ingest.domain.partitions import partition_kinds, partitions_of
from services.ingest.domain.table import Malformed
from services.ingest.reading.decompressed import decompressed
from services.ingest.reading.delimited import comma_notes, kinds_of, prepare
from services.ingest.reading.fetching import fetched
from services.ingest.reading.formats import read
from services.ingest.reading.joining import DelimitedPart, joined
from services.ingest.reading.parts import ParquetPart, part_of, write_parts
from services.ingest.reading.rejects import TOLD
from services.ingest.reading.scratch import spooled
from services.ingest.reading.typed import Limits, write_typed
from services.ingest.sources import File

Read = tuple[int, Malformed, tuple[str, ...]]
"""How many rows were written, which were left out, and notes for a person."""

_NOTES = 20
"""Notes on single files that are told."""


@dataclass(frozen=True)
class _Parts:
    """What the files became, all of one format."""

    delimited: Sequence[DelimitedPart]
    parquet: Sequence[ParquetPart]
    notes: tuple[str, ...]


def write_many(files: Sequence[File], target: Path, limits: Limits) -> Read:
    """Write the rows of all ``files`` to ``target``, file by file in the order of their names.

    Raises:
        Refusal: if one cannot be read, or they are not parts of one table; naming the files.
        Unavailable: if the source does not answer.
    """
    files = sorted(files, key=lambda file: file.name)
    kinds = partition_kinds(partitions_of(file.name) for file in files)
    parts = _parts(files, limits)
    if parts.parquet:
        rows = write_parts(parts.parquet, kinds, target)
        columns = {part.name: part.schema.names for part in parts.parquet}
        return rows, _malformed(parts.parquet), (*parts.notes, *missing_notes(columns))
    return _write_delimited(parts, kinds, target, limits)


def _write_delimited(parts: _Parts, known: Mapping[str, Kind], target: Path, limits: Limits) -> Read:
    columns = {part.name: part.file.dialect.names for part in parts.delimited}
    file = joined(parts.delimited, known, target.with_name("joined.csv"))
    own = {name for names in columns.values() for name in names}
    seen = zip(file.dialect.names, kinds_of(file), strict=True)
    kinds = [kind if name in own else known[name] for name, kind in seen]
    rows, malformed = write_typed(file, kinds, target, limits)
    return rows, malformed, (*parts.notes, *missing_notes(columns), *comma_notes(file))


def _parts(files: Sequence[File], limits: Limits) -> _Parts:
    folder = limits.scratch / "parts"
    folder.mkdir()
    parts, notes = list[DelimitedPart | ParquetPart](), list[str]()
    first: tuple[str, Format] | None = None
    with fetched(files, folder) as coming:
        for file, path in coming:
            here = replace(file, open=_blocks(path))
            try:
                plain = decompressed(here)
                format_ = format_of(file.name, next(plain.open(), b"")[:HEAD])
                first = first or (file.name, format_)
                if format_ != first[1]:
                    raise MixedFormats(*first, file.name, format_)
                part, noted = _part(here, plain, format_, limits, path)
            except Refusal as refusal:
                raise told_with(refusal, file.name) from None
            path.unlink()
            parts.append(part)
            notes += [f"{file.name}: {note}" for note in noted]
    return _Parts(
        [part for part in parts if isinstance(part, DelimitedPart)],
        [part for part in parts if isinstance(part, ParquetPart)],
        _bounded(notes),
    )


def _malformed(parts: Sequence[ParquetPart]) -> Malformed:
    told = (row.model_copy(update={"file": part.name}) for part in parts for row in part.malformed.rejected)
    return Malformed(sum(part.malformed.listed for part in parts), tuple(islice(told, TOLD)))


def _part(
    file: File, plain: File, format_: Format, limits: Limits, path: Path
) -> tuple[DelimitedPart | ParquetPart, tuple[str, ...]]:
    constants = partitions_of(file.name)
    if format_ == "delimited":
        prepared, notes = prepare(file.name, plain.open, path.with_suffix(".csv"))
        return DelimitedPart(file.name, prepared, constants), notes
    target = path.with_suffix(".parquet")
    if format_ == "parquet":
        return part_of(file.name, spooled(plain, target), constants), ()
    _, malformed, notes = read(file, target, limits)
    return part_of(file.name, target, constants, malformed), notes


def _blocks(path: Path) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        with path.open("rb") as file:
            while block := file.read(4 * 1024 * 1024):
                yield block

    return read


def _bounded(notes: Sequence[str]) -> tuple[str, ...]:
    more = len(notes) - _NOTES
    return (*notes[:_NOTES], *([f"{more} more files have such a note."] if more > 0 else ()))
