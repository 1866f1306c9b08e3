"""The profile of a table, measured over the Parquet file that was written."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pyarrow.parquet as pq
from duckdb import DuckDBPyConnection

from contracts.ids import DatasetVersionId
from contracts.ingest import Column, LogicalType
from contracts.profiles import ColumnProfile, FrequentValue, Numbers, Profile
from services.ingest.domain.digest import CHUNK, digest_of
from services.ingest.domain.looks import looks_of
from services.ingest.domain.statement import name
from services.ingest.reading.measures import EXACT_ROWS, Measured, first_look, looked, moments, numbers, spread
from services.ingest.reading.sql import text
from services.ingest.reading.typed import Limits, connected

_AT_ONCE = 10
"""Columns measured in one query: hundreds of distinct counts at once take minutes."""

_MOST_VALUES = 10_000
"""A column of more distinct values is no column of classes, so the rows of each are not counted."""

_FREQUENT = 20
_LONGEST = 100
"""Characters of a frequent value that are told."""

_TYPES: dict[str, LogicalType] = {
    "int64": "integer",
    "double": "float",
    "bool": "boolean",
    "string": "string",
    "date32[day]": "date",
    "timestamp[us]": "timestamp",
    "timestamp[us, tz=UTC]": "timestamp",
}

T = TypeVar("T")


def profiled(path: Path, limits: Limits) -> tuple[tuple[Column, ...], Profile]:
    """Return each column of a Parquet file of canonical types, counted, and what they all look like."""
    with pq.ParquetFile(path) as file:
        schema, rows = file.schema_arrow, file.metadata.num_rows
    columns = [(field.name, _TYPES[str(field.type)]) for field in schema]
    with connected(limits) as connection:
        found = [
            measured
            for group in _groups(columns)
            for measured in looked(group, connection.execute(first_look(path, group, rows)).fetchall()[0])
        ]
        told = _numbers(connection, path, found)
        values = [_values(connection, path, column) for column in found]
    counted = tuple(_column(column, rows, few) for column, few in zip(found, values, strict=True))
    profiles = tuple(
        _profile(column, measured, told.get(column.name), few, rows)
        for column, measured, few in zip(counted, found, values, strict=True)
    )
    return counted, Profile(rows=rows, columns=profiles)


def version_of(path: Path) -> DatasetVersionId:
    """Return the canonical digest of a Parquet file's content."""
    with pq.ParquetFile(path) as file:
        return DatasetVersionId(digest_of(file.schema_arrow, file.iter_batches(CHUNK)))


def _numbers(connection: DuckDBPyConnection, path: Path, found: Sequence[Measured]) -> dict[str, Numbers]:
    told: dict[str, Numbers] = {}
    for group in _groups([column for column in found if column.finite]):
        counts: Sequence[Any] = connection.execute(spread(path, group)).fetchall()[0]
        sums = _alone(connection, moments(path, group))
        for i, column in enumerate(group):
            told[column.name] = numbers(column, sums[2 * i], sums[2 * i + 1], counts[i])
    return told


def _alone(connection: DuckDBPyConnection, statement: str) -> Sequence[Any]:
    threads = connection.execute("SELECT current_setting('threads')").fetchall()[0][0]
    connection.execute("SET threads = 1")
    try:
        answer: Sequence[Any] = connection.execute(statement).fetchall()[0]
    finally:
        connection.execute(f"SET threads = {threads}")
    return answer


@dataclass(frozen=True)
class _Values:
    """The values of a column that has few."""

    distinct: int
    rarest: int
    """Rows of the least frequent one."""
    frequent: tuple[FrequentValue, ...]


def _values(connection: DuckDBPyConnection, path: Path, column: Measured) -> _Values | None:
    """Return the values of a column, counted one by one; None if there are too many, or none."""
    if not 0 < column.distinct <= _MOST_VALUES:
        return None
    c = name(column.name)
    counts = f"SELECT {c} AS v, count(*) AS n FROM {text(str(path))} WHERE {c} IS NOT NULL GROUP BY {c}"  # noqa: S608
    told = f"left(v::VARCHAR, {_LONGEST}), n, count(*) OVER (), min(n) OVER ()"
    most = f"SELECT {told} FROM ({counts}) ORDER BY n DESC, v LIMIT {_FREQUENT}"  # noqa: S608
    rows = connection.execute(most).fetchall()
    frequent = tuple(FrequentValue(value=value, rows=n) for value, n, _, _ in rows)
    return _Values(distinct=rows[0][2], rarest=rows[0][3], frequent=frequent)


def _column(column: Measured, rows: int, few: _Values | None) -> Column:
    return Column(
        name=column.name,
        type=column.type,
        missing=rows - column.present,
        distinct=few.distinct if few else column.distinct,
        rarest=few.rarest if few else None,
    )


def _profile(column: Column, measured: Measured, told: Numbers | None, few: _Values | None, rows: int) -> ColumnProfile:
    return looks_of(
        ColumnProfile(
            name=column.name,
            type=column.type,
            kind="empty",
            missing=column.missing,
            distinct=column.distinct,
            estimated=rows > EXACT_ROWS and few is None,
            infinite=0 if column.type in {"string", "boolean"} else measured.present - measured.finite,
            numbers=told,
            lengths=measured.lengths,
            frequent=few.frequent if few else (),
        ),
        rows,
        measured.sample,
    )


def _groups(columns: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(columns), _AT_ONCE):
        yield columns[start : start + _AT_ONCE]
