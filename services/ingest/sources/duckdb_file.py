"""DuckDB files, read by DuckDB itself, which may open nothing else."""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import duckdb
import pyarrow as pa

from contracts.errors import TracksideError
from services.ingest.domain.database_errors import (
    ColumnMissing,
    DatabaseUnavailable,
    NoDatabaseFile,
    NotOneQuery,
    QueryFailed,
    ReadingForbidden,
    TableMissing,
)
from services.ingest.domain.dialect import named
from services.ingest.domain.statement import name, within
from services.ingest.sources import Rows
from services.ingest.sources.columns import TOO_LONG, Chosen, Column, as_text, notes_of, projection, rounding
from services.ingest.sources.streamed import streamed

_BATCH = 65_536
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "threads": "2",
    "memory_limit": "1GB",
}
_PLAIN = re.compile(
    "U?(TINY|SMALL)INT|U?INTEGER|BIGINT|FLOAT|DOUBLE|BOOLEAN|VARCHAR|BLOB|"
    "DATE|TIMESTAMP|TIMESTAMP_S|TIMESTAMP_MS|TIMESTAMP WITH TIME ZONE"
)
_WIDE = ("HUGEINT", "UHUGEINT", "UBIGINT")
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")


@contextmanager
def duckdb_rows(path: Path, where: str, query: str) -> Iterator[Rows]:
    """Hold the rows of a query of a file until the context ends; ``where`` is the file as people may read it."""
    if not path.is_file():
        raise NoDatabaseFile(where, "DuckDB", "there is no such file")
    with closing(_connected(path, where)) as connection:
        with _failed(where):
            _check_one(query)
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute("SET lock_configuration = true")
            connection.execute("BEGIN TRANSACTION")
            described = connection.execute(f"DESCRIBE {query}").fetchall()
            columns = [_column(*row[:2]) for row in described]
            named([column.name for column in columns])
            count, chosen = _surveyed(connection, columns, query)
            reader = connection.sql(projection(chosen, query)).to_arrow_reader(_BATCH)
        yield Rows(reader.schema, streamed(reader, partial(_failed, where)), lambda: count, notes=notes_of(chosen))


def _connected(path: Path, where: str) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), read_only=True, config=_CLOSED)
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise DatabaseUnavailable(f"{where} is being written to") from None
        raise NoDatabaseFile(where, "DuckDB", "it is none, or of another version") from None


def _check_one(query: str) -> None:
    statements = duckdb.extract_statements(query)
    if len(statements) != 1:
        raise NotOneQuery("one and goes on with another")
    if statements[0].type != duckdb.StatementType.SELECT:
        raise NotOneQuery(str(statements[0].type.name))


def _column(column: str, kind: str) -> Column:
    digits = _DECIMAL.fullmatch(kind)
    return Column(column, kind, int(digits[1]), int(digits[2])) if digits else Column(column, kind)


def _surveyed(connection: duckdb.DuckDBPyConnection, columns: Sequence[Column], query: str) -> tuple[int, list[Chosen]]:
    """Count the rows, and find out on the way what a column with doubtful values can be."""
    wanted = ["count(*)", *(_doubt(column) for column in columns)]
    row = connection.execute(f"SELECT {', '.join(wanted)} FROM {within(query)}").fetchall()[0]  # noqa: S608 - quoted
    return row[0], [_chosen(column, exact=fits is not False) for column, fits in zip(columns, row[1:], strict=True)]


def _doubt(column: Column) -> str:
    c = name(column.name)
    if column.kind in ("DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"):
        return f"bool_and(isfinite({c}))"
    if column.kind in _WIDE or (column.scale == 0 and not column.surely_integer):
        return f"bool_and(TRY_CAST({c} AS BIGINT) IS NOT NULL) FILTER ({c} IS NOT NULL)"
    if column.scale and not column.surely_float:
        return f"bool_and(TRY_CAST({c}::DOUBLE AS {column.kind}) = {c})"
    return "true"


def _chosen(column: Column, *, exact: bool) -> Chosen:
    c = name(column.name)
    if exact and (column.kind in _WIDE or column.scale == 0):
        return Chosen(column.name, f"{c}::BIGINT")
    if exact and column.scale:
        return Chosen(column.name, f"{c}::DOUBLE")
    if exact and _PLAIN.fullmatch(column.kind):
        return Chosen(column.name, c)
    text = f"{c}::VARCHAR"
    if column.kind in _WIDE or column.scale is not None:
        return Chosen(column.name, text, as_text(column, TOO_LONG, rounding(column)))
    return Chosen(column.name, text, f"{column.name} ({column.kind}) is kept as text.")


@contextmanager
def _failed(where: str) -> Iterator[None]:
    try:
        yield
    except (duckdb.Error, pa.ArrowException) as error:
        raise _refusal(where, error) from None


def _refusal(where: str, error: Exception) -> TracksideError:
    said = str(error).splitlines()[0]
    if isinstance(error, duckdb.CatalogException) and "Table" in said:
        return TableMissing(where, said)
    if isinstance(error, duckdb.BinderException) and "column" in said:
        return ColumnMissing(where, said)
    if isinstance(error, duckdb.PermissionException):
        return ReadingForbidden(where, said)
    return QueryFailed(where, said)
