"""A Parquet upload, rewritten with the canonical types."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from services.ingest.domain.dialect import named
from services.ingest.domain.digest import rechunked
from services.ingest.domain.errors import AccountingFailed, UnreadableParquet, UnsupportedColumns
from services.ingest.domain.table import Malformed
from services.ingest.reading.scratch import room_watched, spooled
from services.ingest.reading.typed import Limits
from services.ingest.sources import File

_ROW_GROUP = 122_880
_CELLS = 20_000_000
"""Cells of a row group at most: a wide table has shorter ones."""
BATCH = 65_536
"""Rows that are read at a time."""

_CANONICAL: tuple[tuple[Callable[[pa.DataType], bool], pa.DataType], ...] = (
    (pa.types.is_integer, pa.int64()),
    (pa.types.is_floating, pa.float64()),
    (pa.types.is_boolean, pa.bool_()),
    (lambda t: pa.types.is_string(t) or pa.types.is_large_string(t) or pa.types.is_string_view(t), pa.string()),
    (pa.types.is_null, pa.string()),
    (pa.types.is_date, pa.date32()),
    (lambda t: pa.types.is_timestamp(t) and t.tz is None, pa.timestamp("us")),
    (pa.types.is_timestamp, pa.timestamp("us", "UTC")),
    (lambda t: pa.types.is_decimal(t) and t.scale == 0, pa.int64()),
    (pa.types.is_decimal, pa.float64()),
)


def read(file: File, target: Path, _limits: Limits) -> tuple[int, Malformed, tuple[str, ...]]:
    """Write the table in ``file`` to ``target`` with canonical types; return how many rows, and notes.

    Raises:
        Refusal: if it cannot be read, or holds what a table of plain values cannot.
    """
    source = spooled(file, target.with_name("upload.parquet"))
    rows = write_canonical(file.name, source, target)
    return rows, Malformed(), exact_notes(pq.read_schema(source))


def exact_notes(schema: pa.Schema) -> tuple[str, ...]:
    """Return a note for each column of exact decimals, which are kept as floats."""
    return tuple(
        f"The column {field.name} is float: its decimals ({field.type}) are rounded to the nearest one."
        for field in schema
        if pa.types.is_decimal(field.type) and field.type.scale != 0
    )


def write_canonical(filename: str, source: Path, target: Path) -> int:
    """Write the table in ``source`` to ``target`` with canonical types; return how many rows.

    Raises:
        Refusal: if it cannot be read, or holds what a table of plain values cannot.
    """
    try:
        with pq.ParquetFile(source) as file:
            rows = write_batches(file.schema_arrow, file.iter_batches(BATCH), target)
            if rows != file.metadata.num_rows:
                raise AccountingFailed(file.metadata.num_rows, rows, 0)
            return rows
    except (pa.ArrowException, OSError) as error:
        raise UnreadableParquet(filename, str(error).splitlines()[0]) from None


def write_batches(schema: pa.Schema, batches: Iterable[pa.RecordBatch], target: Path) -> int:
    """Write rows with the types of ``schema`` to ``target`` with canonical types; return how many.

    Raises:
        UnsupportedColumns: naming what a table of plain values cannot hold.
    """
    kept = canonical(schema)
    rows = 0
    group = max(1, min(_ROW_GROUP, _CELLS // max(1, len(kept))))
    with room_watched(), pq.ParquetWriter(target, kept, compression="zstd") as writer:
        for table in rechunked(kept, (cast(batch, kept) for batch in batches), group):
            writer.write_table(table)
            rows += table.num_rows
    return rows


def canonical(schema: pa.Schema) -> pa.Schema:
    """Return the schema that a table is kept with.

    Raises:
        UnsupportedColumns: naming each column that has no canonical type.
    """
    kept = [(name, field.type, _type(field.type)) for name, field in zip(named(schema.names), schema, strict=True)]
    unsupported = [f"{name} ({found})" for name, found, target in kept if target is None]
    if unsupported:
        raise UnsupportedColumns(unsupported)
    return pa.schema([(name, target) for name, _, target in kept])


def _type(kind: pa.DataType) -> pa.DataType | None:
    if pa.types.is_dictionary(kind):
        return _type(kind.value_type)
    return next((target for holds, target in _CANONICAL if holds(kind)), None)


def cast(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return a batch with the types of ``schema``, column by column, where not-a-number is missing.

    Raises:
        UnsupportedColumns: if a value does not fit.
    """
    batch.validate(full=True)
    return pa.record_batch([_column(c, f) for c, f in zip(batch.columns, schema, strict=True)], schema=schema)


def _column(values: pa.Array, field: pa.Field) -> pa.Array:
    try:
        values = values.cast(field.type)
    except pa.ArrowInvalid as error:
        raise UnsupportedColumns([f"{field.name} ({values.type}: {str(error).splitlines()[0]})"]) from None
    if pa.types.is_floating(field.type):
        # A value that is not a number is a missing one, as it is in CSV.
        return pc.if_else(pc.is_nan(values), pa.scalar(None, field.type), values)
    return values
