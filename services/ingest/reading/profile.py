"""What is missing, distinct and rare, counted over the Parquet file that was written."""

from pathlib import Path

import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection

from contracts.ids import DatasetVersionId
from contracts.ingest import Column, LogicalType
from services.ingest.domain.digest import CHUNK, digest_of
from services.ingest.reading.sql import name, text
from services.ingest.reading.typed import Limits, connected

_EXACT_ROWS = 1_000_000
"""Beyond so many rows distinct values are estimated."""

_AT_ONCE = 20
"""Columns counted in one query: hundreds of distinct counts at once take minutes."""

_MOST_VALUES = 10_000
"""A column of more distinct values is no column of classes, so the rows of each are not counted."""

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
    counts = [f"count({column}), {distinct.format(column)}" for column in map(name, schema.names)]
    found: list[int] = []
    with connected(limits) as connection:
        for start in range(0, len(counts), _AT_ONCE):
            selected = ", ".join(counts[start : start + _AT_ONCE])
            found += connection.execute(f"SELECT {selected} FROM {text(str(path))}").fetchall()[0]  # noqa: S608
        return tuple(
            Column(
                name=field.name,
                type=_TYPES[str(field.type)],
                missing=rows - present,
                distinct=values,
                rarest=_rarest(connection, path, field.name) if 0 < values <= _MOST_VALUES else None,
            )
            for field, present, values in zip(schema, found[::2], found[1::2], strict=True)
        )


def _rarest(connection: DuckDBPyConnection, path: Path, column: str) -> int:
    value = name(column)
    counts = f"SELECT count(*) AS n FROM {text(str(path))} WHERE {value} IS NOT NULL GROUP BY {value}"  # noqa: S608
    rows: int = connection.execute(f"SELECT min(n) FROM ({counts})").fetchall()[0][0]  # noqa: S608
    return rows


def version_of(path: Path) -> DatasetVersionId:
    """Return the canonical digest of a Parquet file's content."""
    with pq.ParquetFile(path) as file:
        return DatasetVersionId(digest_of(file.schema_arrow, file.iter_batches(CHUNK)))
