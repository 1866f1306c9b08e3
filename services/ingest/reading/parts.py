"""Several Parquet files, rewritten as one with the canonical types."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from contracts.errors import Refusal
from services.ingest.domain.errors import AccountingFailed, UnreadableParquet
from services.ingest.domain.joined import joined_schema
from services.ingest.domain.kinds import Kind
from services.ingest.domain.many_errors import TooLargeForFraction, told_with
from services.ingest.domain.table import Malformed
from services.ingest.reading.parquet import BATCH, canonical, cast, write_batches

_TYPES = {Kind.INTEGER: pa.int64(), Kind.EXACT: pa.int64(), Kind.FLOAT: pa.float64(), Kind.DATE: pa.date32()}


@dataclass(frozen=True)
class ParquetPart:
    """One of several Parquet files."""

    name: str
    path: Path
    schema: pa.Schema
    """Its columns with their canonical types; one that only holds nulls has none."""
    rows: int
    """How many it says that it has."""
    constants: Mapping[str, str]
    """Columns that have one value in all of its rows, and do not stand in it."""
    malformed: Malformed
    """What was left out of it, if it was another file before."""


def part_of(name: str, path: Path, constants: Mapping[str, str], malformed: Malformed | None = None) -> ParquetPart:
    """Return the Parquet file at ``path`` as a part of a table; ``malformed`` is what was left out of it before.

    Raises:
        UnreadableParquet, UnsupportedColumns: if it cannot be one.
    """
    with _opened(name, path) as file:
        found, kept = file.schema_arrow, canonical(file.schema_arrow)
        types = [pa.null() if pa.types.is_null(f.type) else k.type for f, k in zip(found, kept, strict=True)]
        schema = pa.schema(list(zip(kept.names, types, strict=True)))
        return ParquetPart(name, path, schema, file.metadata.num_rows, constants, malformed or Malformed())


def write_parts(parts: Sequence[ParquetPart], constants: Mapping[str, Kind], target: Path) -> int:
    """Write the rows of all ``parts`` to ``target``, in order; return how many.

    ``constants`` are columns that come last, unless a part holds them itself.

    Raises:
        TypesDiffer, NothingInCommon, TooLargeForFraction: if they are not parts of one table.
        AccountingFailed: if not every row was read.
    """
    own = joined_schema({part.name: part.schema for part in parts})
    added = [(name, _TYPES.get(kind, pa.string())) for name, kind in constants.items() if name not in own.names]
    schema = pa.schema([*own, *(pa.field(name, type_) for name, type_ in added)])
    fractions = {
        name: next(part.name for part in parts if name in part.schema.names and part.schema.field(name).type == type_)
        for name, type_ in zip(own.names, own.types, strict=True)
        if type_ == pa.float64()
    }
    counted = sum(part.rows for part in parts)
    rows = write_batches(schema, (b for part in parts for b in _batches(part, schema, fractions)), target)
    if rows != counted:
        raise AccountingFailed(counted, rows, 0)
    return rows


def _batches(part: ParquetPart, schema: pa.Schema, fractions: Mapping[str, str]) -> Iterator[pa.RecordBatch]:
    kept = pa.schema([(f.name, pa.string() if pa.types.is_null(f.type) else f.type) for f in part.schema])
    with _opened(part.name, part.path) as file:
        for batch in file.iter_batches(BATCH):
            try:
                own = cast(batch, kept)
            except Refusal as refusal:
                raise told_with(refusal, part.name) from None
            yield pa.record_batch([_column(part, own, field, fractions) for field in schema], schema=schema)
    part.path.unlink()


def _column(part: ParquetPart, batch: pa.RecordBatch, field: pa.Field, fractions: Mapping[str, str]) -> pa.Array:
    if field.name not in batch.schema.names:
        value = part.constants.get(field.name) or None
        return pa.repeat(pa.scalar(value, pa.string()).cast(field.type), batch.num_rows)
    if pa.types.is_null(part.schema.field(field.name).type):
        return pa.nulls(batch.num_rows, field.type)
    try:
        return batch.column(field.name).cast(field.type)
    except pa.ArrowInvalid:
        raise TooLargeForFraction(field.name, part.name, fractions[field.name]) from None


@contextmanager
def _opened(name: str, path: Path) -> Iterator[pq.ParquetFile]:
    try:
        with pq.ParquetFile(path) as file:
            yield file
    except (pa.ArrowException, OSError) as error:
        raise UnreadableParquet(name, str(error).splitlines()[0]) from None
