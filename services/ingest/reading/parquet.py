"""A Parquet upload, rewritten with the canonical types."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from services.ingest.domain.dialect import named
from services.ingest.domain.digest import rechunked
from services.ingest.domain.errors import AccountingFailed, UnreadableParquet, UnsupportedColumns

_ROW_GROUP = 122_880
_BATCH = 65_536

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


def write_canonical(filename: str, source: Path, target: Path) -> int:
    """Write the table in ``source`` to ``target`` with canonical types; return how many rows.

    Raises:
        Refusal: if it cannot be read, or holds what a table of plain values cannot.
    """
    try:
        with pq.ParquetFile(source) as file:
            rows = write_batches(file.schema_arrow, file.iter_batches(_BATCH), target)
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
    with pq.ParquetWriter(target, kept, compression="zstd") as writer:
        for table in rechunked(kept, (_cast(batch, kept) for batch in batches), _ROW_GROUP):
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


def _cast(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
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
