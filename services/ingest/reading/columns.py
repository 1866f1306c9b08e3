"""Columns of values, written once it is known what each of them holds."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from services.ingest.domain.kinds import Kind
from services.ingest.domain.observed import Observed, kept
from services.ingest.reading.parquet import write_batches

_ARROW = {
    Kind.INTEGER: pa.int64(),
    Kind.EXACT: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.TIMESTAMP: pa.timestamp("us"),
    Kind.INSTANT: pa.timestamp("us", "UTC"),
    Kind.STRING: pa.string(),
}


def write_columns(
    observed: Mapping[str, Observed], batches: Iterable[Sequence[Sequence[Any]]], target: Path
) -> tuple[int, tuple[str, ...]]:
    """Write batches of columns, in the order of ``observed``, to ``target``; return how many rows, and notes.

    Raises:
        DuplicateColumns, EmptyColumnName: if the names cannot name the columns.
    """
    kinds = [column.kind for column in observed.values()]
    schema = pa.schema([(name, _ARROW[kind]) for name, kind in zip(observed, kinds, strict=True)])
    rows = write_batches(schema, (_batch(columns, kinds, schema) for columns in batches), target)
    return rows, tuple(note for name, column in observed.items() if (note := column.note(name)))


def _batch(columns: Sequence[Sequence[Any]], kinds: Sequence[Kind], schema: pa.Schema) -> pa.RecordBatch:
    arrays = [
        pa.array(kept(values, kind), type_) for values, kind, type_ in zip(columns, kinds, schema.types, strict=True)
    ]
    return pa.record_batch(arrays, schema=schema)
