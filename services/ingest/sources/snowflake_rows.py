"""A query's rows as Snowflake's connector streams them, each column as the type that keeps it exactly."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import pyarrow as pa
import snowflake.connector
from snowflake.connector.constants import FIELD_ID_TO_NAME
from snowflake.connector.cursor import SnowflakeCursor

from services.ingest.domain.dialect import named
from services.ingest.domain.errors import UnsupportedColumns
from services.ingest.domain.statement import name, within
from services.ingest.sources import Rows
from services.ingest.sources.columns import TOO_LONG, Chosen, Column, as_text, notes_of, projection, rounding
from services.ingest.sources.snowflake_faults import failed, unconnected

_INSTANT = pa.timestamp("us", "UTC")
_TYPES: Mapping[str, pa.DataType] = {
    "REAL": pa.float64(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "BINARY": pa.binary(),
    "TIMESTAMP_NTZ": pa.timestamp("us"),
    "TIMESTAMP_LTZ": _INSTANT,
    "TIMESTAMP_TZ": _INSTANT,
}
"""What the others become is text: they arrive as it, or are asked for as it."""
_AS_THEY_ARE = ("TEXT", "VARIANT", "OBJECT", "ARRAY", "BINARY", "REAL", "DATE", "BOOLEAN")


@contextmanager
def snowflake_rows(session: Mapping[str, Any], account: str, query: str) -> Iterator[Rows]:
    """Hold the rows of a query until the context ends.

    Args:
        session: what the connector is given; it holds secrets.
        account: whose account it is.
        query: one that only reads; it is only ever run within another, so that nothing else can be.
    """
    where = f"Snowflake's account {account}"
    with unconnected(where):
        connection = snowflake.connector.connect(**session)
    with closing(connection), closing(connection.cursor()) as cursor:
        with failed(where):
            columns = _columns(cursor, query)
            count, fits = _surveyed(cursor, columns, query)
            chosen = [_chosen(column, fit=fit) for column, fit in zip(columns, fits, strict=True)]
            cursor.execute(projection([one for one, _ in chosen], query))
            schema = pa.schema([(one.column, kind) for one, kind in chosen])
            tables = cursor.fetch_arrow_batches(force_microsecond_precision=True)
        lineage = {"query_id": str(cursor.sfqid)}
        notes = notes_of([one for one, _ in chosen])
        yield Rows(schema, _batches(tables, schema, where), lambda: count, lineage=lineage, notes=notes)


def _columns(cursor: SnowflakeCursor, query: str) -> tuple[Column, ...]:
    described = cursor.describe(f"SELECT * FROM {within(query)}") or []  # noqa: S608 - what was asked
    named([column.name for column in described])
    return tuple(Column(c.name, FIELD_ID_TO_NAME[c.type_code], c.precision, c.scale) for c in described)


def _surveyed(cursor: SnowflakeCursor, columns: Sequence[Column], query: str) -> tuple[int, list[bool]]:
    """Count the rows, and say of each column whether its type keeps every value."""
    wanted = ", ".join(f"COUNT_IF({_doubt(column)})" for column in columns)
    cursor.execute(f"SELECT COUNT(*), {wanted} FROM {within(query)}")  # noqa: S608 - names are quoted
    row = cursor.fetchone()
    assert isinstance(row, tuple), "an aggregate has one row"
    return int(row[0]), [not doubtful for doubtful in row[1:]]


def _doubt(column: Column) -> str:
    """Return what is true of a value that would be lost."""
    c = name(column.name)
    if column.kind == "FIXED" and column.scale == 0 and not column.surely_integer:
        return f"{c} NOT BETWEEN -9223372036854775808 AND 9223372036854775807"
    if column.kind == "FIXED" and column.scale and not column.surely_float:
        return f"{c}::DOUBLE::NUMBER({column.precision}, {column.scale}) <> {c}"
    if column.kind.startswith("TIMESTAMP"):
        return f"{c} <> DATE_TRUNC('microsecond', {c})"
    return "FALSE"


def _chosen(column: Column, *, fit: bool) -> tuple[Chosen, pa.DataType]:
    c = name(column.name)
    if column.kind == "FIXED" and fit:
        return (
            (Chosen(column.name, f"{c}::DOUBLE"), pa.float64())
            if column.scale
            else (Chosen(column.name, c), pa.int64())
        )
    if column.kind == "FIXED":
        return Chosen(column.name, f"{c}::VARCHAR", as_text(column, TOO_LONG, rounding(column))), pa.string()
    if column.kind in _AS_THEY_ARE or (fit and column.kind in _TYPES):
        return Chosen(column.name, c), _TYPES.get(column.kind, pa.string())
    return Chosen(column.name, f"{c}::VARCHAR", f"{column.name} ({column.kind}) is kept as text."), pa.string()


def _batches(tables: Iterator[pa.Table], schema: pa.Schema, where: str) -> Iterator[pa.RecordBatch]:
    while True:
        with failed(where):
            table = next(tables, None)
        if table is None:
            return
        # A chunk's integers are as wide as its own values are.
        yield from _cast(table, schema).to_batches()


def _cast(table: pa.Table, schema: pa.Schema) -> pa.Table:
    try:
        columns = [values.cast(field.type) for values, field in zip(table.columns, schema, strict=True)]
    except pa.ArrowException as error:
        raise UnsupportedColumns([str(error).splitlines()[0]]) from None
    return pa.table(columns, schema=schema)
