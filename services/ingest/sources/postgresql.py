"""PostgreSQL by ADBC: every type as it is kept exactly, in one snapshot that writes nothing."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import adbc_driver_postgresql.dbapi as postgresql
import pyarrow as pa
from adbc_driver_manager import dbapi

from services.ingest.domain.dialect import named
from services.ingest.domain.statement import name, within
from services.ingest.sources import Rows
from services.ingest.sources.columns import TOO_LONG, Chosen, Column, as_text, notes_of, projection, rounding
from services.ingest.sources.database_faults import failed, unconnected
from services.ingest.sources.streamed import streamed

_PLAIN = ("int2", "int4", "int8", "float4", "float8", "bool", "text", "varchar", "bpchar", "name", "char", "bytea")
_TIMES = ("date", "timestamp", "timestamptz")
_BEGIN = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@contextmanager
def postgresql_rows(address: str, where: str, query: str) -> Iterator[Rows]:
    """Hold the rows of a query until the context ends.

    Args:
        address: what libpq connects by, a secret.
        where: the address as people may read it.
        query: one that only reads.
    """
    with closing(_connected(address, where)) as connection, closing(connection.cursor()) as cursor:
        with failed(where):
            cursor.execute(_BEGIN)
            columns = _columns(cursor.adbc_execute_schema(query))
            time, count, chosen = _surveyed(cursor, columns, query)
            cursor.execute(projection(chosen, query))
            reader = cursor.fetch_record_batch()
        with closing(reader):
            yield Rows(
                reader.schema,
                streamed(reader, partial(failed, where)),
                lambda: count,
                lineage={"server_time": time},
                notes=notes_of(chosen),
            )


def _connected(address: str, where: str) -> dbapi.Connection:
    try:
        # What begins and ends is said by hand: the driver's own transactions are neither read-only nor one snapshot.
        connection: dbapi.Connection = postgresql.connect(address, autocommit=True)
    except dbapi.Error as error:
        raise unconnected(where, str(error)) from None
    return connection


def _columns(schema: pa.Schema) -> tuple[Column, ...]:
    named(schema.names)
    return tuple(map(_column, schema))


def _column(field: pa.Field) -> Column:
    said = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
    kind, modifier = said.get("POSTGRESQL:type", str(field.type)), int(said.get("POSTGRESQL:typmod", "-1"))
    if kind != "numeric" or modifier < 4:
        return Column(field.name, kind)
    bits = modifier - 4
    scale = (bits & 0x7FF) - (0x800 if bits & 0x400 else 0)
    return Column(field.name, kind, precision=bits >> 16, scale=scale)


def _surveyed(cursor: dbapi.Cursor, columns: Sequence[Column], query: str) -> tuple[str, int, list[Chosen]]:
    """Say when the snapshot was made, how many rows it has, and what a column with doubtful values can be."""
    asked = {i: _doubts(column) for i, column in enumerate(columns)}
    wanted = ["now()::text", "count(*)", *(one for doubts in asked.values() for one in doubts)]
    cursor.execute(f"SELECT {', '.join(wanted)} FROM {within(query)}")  # noqa: S608 - names are quoted
    row = cursor.fetchone()
    assert row is not None, "an aggregate has one row"
    told = iter(row)
    time, count = str(next(told)), int(next(told))
    return time, count, [_chosen(column, [next(told) for _ in asked[i]]) for i, column in enumerate(columns)]


def _doubts(column: Column) -> list[str]:
    """Return what decides how a column is read, each answered with true, false, or nothing if there are no values."""
    c = name(column.name)
    if column.kind in _TIMES:
        return [f"bool_and(isfinite({c}) AND {c} < '290000-01-01')"]
    if column.kind != "numeric" or column.surely_integer or column.surely_float:
        return []
    number = f"WHEN {c} IS NULL OR {c} = 'NaN' THEN NULL"
    return [
        f"max(scale({c})) <= 0 AND bool_and(CASE {number} "
        f"ELSE {c} BETWEEN -9223372036854775808 AND 9223372036854775807 END)",
        # What a float cannot hold at all is an error of the server's: so it is not asked to.
        f"bool_and(CASE {number} WHEN {c} = 0 THEN true WHEN abs({c}) BETWEEN 1e-300 AND 1e300 "
        f"THEN {c}::float8::numeric = {c} ELSE false END)",
    ]


def _chosen(column: Column, answers: Sequence[Any]) -> Chosen:
    c = name(column.name)
    if column.kind == "numeric":
        return _number(column, c, answers)
    if column.kind in _TIMES and answers[0] is False:
        cure = f"NULLIF({c}, 'infinity') in a query leaves out what has no end."
        return Chosen(column.name, f"{c}::text", as_text(column, "it holds times without end", cure))
    if column.kind == "oid":
        return Chosen(column.name, f"{c}::int8")
    if column.kind in (*_PLAIN, *_TIMES):
        return Chosen(column.name, c)
    kind = f"{column.kind[1:]}[]" if column.kind.startswith("_") else column.kind
    return Chosen(column.name, f"{c}::text", f"{column.name} ({kind}) is kept as text.")


def _number(column: Column, c: str, answers: Sequence[Any]) -> Chosen:
    whole, exact = answers or (column.surely_integer, column.surely_float)
    if whole:
        return Chosen(column.name, f"NULLIF({c}, 'NaN')::int8")
    if exact is not False:
        return Chosen(column.name, f"{c}::float8")
    return Chosen(column.name, f"{c}::text", as_text(column, TOO_LONG, rounding(column)))
