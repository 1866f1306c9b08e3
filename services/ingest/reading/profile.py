"""What is missing and what is distinct, counted over the Parquet file that was written."""

from pathlib import Path

import pyarrow.parquet as pq

from contracts.ids import DatasetVersionId
from contracts.ingest import Column, LogicalType
from services.ingest.domain.digest import CHUNK, digest_of
from services.ingest.reading.sql import name, text
from services.ingest.reading.typed import Limits, connected

_EXACT_ROWS = 1_000_000
"""Beyond so many rows distinct values are estimated."""

_TYPES: dict[str, LogicalType] = {
    "int64": "integer",
    "double": "float",
    "bool": "boolean",
    "string": "string",
    "date32[day]": "date",
    "timestamp[us]": "timestamp",
    "timestamp[us, tz=UTC]": "timestamp",
}


def columns_of(path: Path, limits: Limits) -> tuple[Column, ...]:
    """Return each column of a Parquet file of canonical types, counted."""
    with pq.ParquetFile(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    distinct = "count(DISTINCT {0})" if rows <= _EXACT_ROWS else "approx_count_distinct({0})"
    counts = ", ".join(f"count({column}), {distinct.format(column)}" for column in map(name, schema.names))
    with connected(limits) as connection:
        (found,) = connection.execute(f"SELECT {counts} FROM {text(str(path))}").fetchall()  # noqa: S608
    return tuple(
        Column(name=f.name, type=_TYPES[str(f.type)], missing=rows - found[2 * i], distinct=found[2 * i + 1])
        for i, f in enumerate(schema)
    )


def version_of(path: Path) -> DatasetVersionId:
    """Return the canonical digest of a Parquet file's content."""
    with pq.ParquetFile(path) as file:
        return DatasetVersionId(digest_of(file.schema_arrow, file.iter_batches(CHUNK)))
