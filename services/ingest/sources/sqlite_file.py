"""SQLite files: each column has the one type that all its values have.

The standard library reads them. A driver that types a column by its first rows fails at the first later one that is
otherwise, and does not let us forbid what a query may touch.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa

from contracts.errors import TracksideError
from services.ingest.domain.database_errors import (
    ColumnMissing,
    DatabaseUnavailable,
    MixedColumn,
    NoDatabaseFile,
    NotOneQuery,
    QueryFailed,
    ReadingForbidden,
    TableMissing,
)
from services.ingest.domain.dialect import named
from services.ingest.domain.statement import name, within
from services.ingest.sources import Rows

_BATCH = 65_536
_AT_ONCE = 400
"""Columns of one survey: SQLite has at most 2,000 in a result."""
_CLASSES = {"integer": "whole numbers", "real": "decimals", "text": "text", "blob": "bytes"}
_TYPES = {"integer": pa.int64(), "real": pa.float64(), "text": pa.string(), "blob": pa.binary()}
_MISSING = {"no such table": TableMissing, "no such column": ColumnMissing}
_UNREADABLE = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
_ALLOWED = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)


@contextmanager
def sqlite_rows(path: Path, where: str, query: str) -> Iterator[Rows]:
    """Hold the rows of a query of a file until the context ends; ``where`` is the file as people may read it."""
    if not path.is_file():
        raise NoDatabaseFile(where, "SQLite", "there is no such file")
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=10)) as connection:
        with _failed(where):
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM sqlite_master").fetchall()  # from here on it is one snapshot
            connection.set_authorizer(_reads_only)
            first = connection.execute(query)
            names = [column[0] for column in first.description or ()]
            first.close()
            named(names)
            count, schema = _surveyed(connection, names, query)
            cursor = connection.execute(query)
        yield Rows(schema, _batches(cursor, schema, where), lambda: count)


def _reads_only(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    forbidden = action not in _ALLOWED or "load_extension" in (first, second)
    return sqlite3.SQLITE_DENY if forbidden else sqlite3.SQLITE_OK


def _surveyed(connection: sqlite3.Connection, names: Sequence[str], query: str) -> tuple[int, pa.Schema]:
    """Count the rows, and what each column holds."""
    count, fields = 0, []
    for first in range(0, len(names), _AT_ONCE):
        some = names[first : first + _AT_ONCE]
        sums = ", ".join(f"sum(typeof({name(column)}) = '{kind}')" for column in some for kind in _CLASSES)
        # Every name is quoted, and the query is what was asked.
        row = connection.execute(f"SELECT count(*), {sums} FROM {within(query)}").fetchone()  # noqa: S608
        count, told = row[0], iter(row[1:])
        fields += [(column, _type(column, {kind: next(told) or 0 for kind in _CLASSES})) for column in some]
    return count, pa.schema(fields)


def _type(column: str, held: Mapping[str, int]) -> pa.DataType:
    kinds = {kind for kind, rows in held.items() if rows}
    if kinds <= {"integer", "real"} and "real" in kinds:
        return pa.float64()
    if len(kinds) > 1:
        raise MixedColumn(column, [f"{_CLASSES[kind]} ({held[kind]} rows)" for kind in _CLASSES if kind in kinds])
    return _TYPES[kinds.pop()] if kinds else pa.string()


def _batches(cursor: sqlite3.Cursor, schema: pa.Schema, where: str) -> Iterator[pa.RecordBatch]:
    while True:
        with _failed(where):
            rows = cursor.fetchmany(_BATCH)
        if not rows:
            return
        columns = zip(*rows, strict=True)
        yield pa.record_batch([_array(v, f) for v, f in zip(columns, schema, strict=True)], schema=schema)


def _array(values: Sequence[Any], field: pa.Field) -> pa.Array:
    try:
        return pa.array(values, field.type)
    except pa.ArrowException:
        # Whole numbers among decimals, and beyond what a float holds exactly.
        raise MixedColumn(field.name, ["decimals", "whole numbers beyond 2^53"]) from None


@contextmanager
def _failed(where: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise _refusal(where, str(error), getattr(error, "sqlite_errorcode", 0) & 0xFF) from None
    except sqlite3.Warning:
        raise NotOneQuery("one and goes on with another") from None


def _refusal(where: str, problem: str, code: int) -> TracksideError:
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return DatabaseUnavailable(f"{where} is being written to")
    if code in _UNREADABLE:
        return NoDatabaseFile(where, "SQLite", problem)
    if "not authorized" in problem or "prohibited" in problem:
        return ReadingForbidden(where, f"the query does more than read tables ({problem})")
    if "one statement at a time" in problem:
        return NotOneQuery("one and goes on with another")
    missing = next((fact for begin, fact in _MISSING.items() if problem.startswith(begin)), QueryFailed)
    return missing(where, problem)
