"""The source ``sql`` on a real PostgreSQL: exact values, one snapshot, nothing written, errors in words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from math import isnan
from typing import Any

import pyarrow as pa
import pytest

from contracts.errors import Refusal, Unavailable
from services.ingest.domain.database_errors import (
    ColumnMissing,
    DatabaseMissing,
    LoginRefused,
    NotOneQuery,
    QueryEnded,
    QueryFailed,
    QueryWrites,
    ReadingForbidden,
    TableMissing,
)
from services.ingest.domain.errors import DuplicateColumns
from services.ingest.sources import Rows
from services.ingest.sources.sql import SqlCredentials, SqlOptions, SqlSource
from tests.builders.asking import until
from tests.builders.postgresql import PostgresqlServer, postgresql_server

READER = SqlCredentials.model_validate({"user": "reader", "password": "the-reader-s-password"})


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresqlServer]:
    with postgresql_server() as found:
        found.run(
            "CREATE TABLE orders (id int4, price numeric(12,2))",
            "INSERT INTO orders SELECT i, i * 1.25 FROM generate_series(1, 3) i",
            "CREATE TABLE hidden (a int4)",
            "CREATE ROLE reader LOGIN PASSWORD 'the-reader-s-password'",
            "GRANT SELECT ON orders TO reader",
        )
        yield found


def read(server: PostgresqlServer, query: str | None = None, **options: Any) -> tuple[pa.Table, Rows]:
    asked = SqlOptions.model_validate({"url": server.url, "query": query} | options)
    with SqlSource().open(asked, READER) as found:
        assert isinstance(found, Rows)
        table = pa.Table.from_batches(list(found.batches), found.schema)
        assert found.counted() == table.num_rows
        return table, found


def value(server: PostgresqlServer, expression: str) -> tuple[Any, str, tuple[str, ...]]:
    table, found = read(server, f"SELECT {expression} AS v")
    return table["v"][0].as_py(), str(table.schema.field("v").type), found.notes


def test_a_table_is_read_whole(server: PostgresqlServer) -> None:
    table, found = read(server, table="public.orders")
    assert table.to_pydict() == {"id": [1, 2, 3], "price": [1.25, 2.5, 3.75]}
    assert found.notes == ()
    assert "server_time" in found.lineage


@pytest.mark.parametrize(
    ("expression", "expected", "kind"),
    [
        ("9223372036854775807::numeric", 9223372036854775807, "int64"),
        ("0.1::numeric", 0.1, "double"),
        ("3::numeric(12,2)", 3.0, "double"),
        ("3::numeric(10)", 3, "int64"),
        ("12345678901234567.5::numeric", "12345678901234567.5", "string"),
        ("1e400::numeric - 1", "9" * 400, "string"),
        ("9223372036854775808::numeric", "9223372036854775808", "string"),
        ("NULL::numeric", None, "double"),
        ("'infinity'::date", "infinity", "string"),
        ("date '2026-11-24'", date(2026, 11, 24), "date32[day]"),
        ("timestamptz '2026-11-24 10:00+02'", datetime(2026, 11, 24, 8, tzinfo=UTC), "timestamp[us, tz=UTC]"),
        ("uuid '6cacddca-bafc-4125-9249-67f9d21e1916'", "6cacddca-bafc-4125-9249-67f9d21e1916", "string"),
        ("'{\"a\": 1}'::jsonb", '{"a": 1}', "string"),
        ("interval '1 day'", "1 day", "string"),
        ("inet '10.0.0.1/8'", "10.0.0.1/8", "string"),
        ("'$1.50'::money", "$1.50", "string"),
        ("array[1, 2]", "{1,2}", "string"),
        ("4000000000::oid", 4000000000, "int64"),
    ],
)
def test_every_type_keeps_its_values(server: PostgresqlServer, expression: str, expected: Any, kind: str) -> None:
    found, found_kind, notes = value(server, expression)
    assert (found, found_kind) == (expected, kind)
    assert bool(notes) == (kind == "string")  # whoever reads is told what became text


def test_a_number_that_is_none_is_kept_as_one_that_is_none(server: PostgresqlServer) -> None:
    found, kind, _ = value(server, "'NaN'::numeric")
    assert kind == "double"
    assert isnan(found)
    table, _ = read(server, "SELECT v::numeric(5) FROM (VALUES ('NaN'), ('7')) AS t (v)")
    assert table["v"].to_pylist() == [None, 7]


def test_rows_and_count_are_of_one_snapshot(server: PostgresqlServer) -> None:
    server.run("CREATE TABLE growing AS SELECT generate_series(1, 10) a", "GRANT SELECT ON growing TO reader")
    asked = SqlOptions(url=server.url, query="SELECT a FROM growing")
    with SqlSource().open(asked, READER) as found:
        assert isinstance(found, Rows)
        server.run("INSERT INTO growing VALUES (11)")
        assert sum(batch.num_rows for batch in found.batches) == found.counted() == 10


def test_every_statement_is_asked_in_a_transaction_that_sees_one_state_and_writes_nothing(
    server: PostgresqlServer,
) -> None:
    assert value(server, "current_setting('transaction_isolation')")[0] == "repeatable read"
    assert value(server, "current_setting('transaction_read_only')")[0] == "on"


@pytest.mark.parametrize(
    ("query", "refusal", "words"),
    [
        ("SELECT * FROM nowhere", TableMissing, "nowhere"),
        ("SELECT nothing FROM orders", ColumnMissing, "nothing"),
        ("SELECT * FROM hidden", ReadingForbidden, "permission denied for table hidden"),
        ("SELECT nextval('numbers')", QueryWrites, "only read"),
        ("WITH gone AS (DELETE FROM orders RETURNING id) SELECT * FROM gone", QueryWrites, "only read"),
        ("SELECT 1; SELECT 2", NotOneQuery, "second"),
        ("SELECT 1) TO PROGRAM 'true' --", QueryFailed, "syntax error"),
        ("SELECT 1 / (id - 2) FROM orders", QueryFailed, "division by zero"),
        ("SELECT 1 AS a, 2 AS A", DuplicateColumns, "a"),
        ("SELECT pg_sleep(30) FROM orders, set_config('statement_timeout', '100', true)", QueryEnded, "time limit"),
    ],
)
def test_what_a_query_cannot_have_is_said(
    server: PostgresqlServer, query: str, refusal: type[Refusal], words: str
) -> None:
    server.run("CREATE SEQUENCE IF NOT EXISTS numbers", "GRANT ALL ON SEQUENCE numbers TO reader")
    server.run("ALTER ROLE reader SET statement_timeout = 3000", "GRANT DELETE ON orders TO reader")
    with pytest.raises(refusal, match=words):
        read(server, query)
    table, _ = read(server, table="orders")
    assert table.num_rows == 3


@pytest.mark.parametrize(
    ("user", "password", "database", "refusal"),
    [
        ("reader", "a-wrong-password", "postgres", LoginRefused),
        ("nobody", "the-reader-s-password", "postgres", LoginRefused),
        ("reader", None, "postgres", LoginRefused),
        ("reader", "the-reader-s-password", "nowhere", DatabaseMissing),
    ],
)
def test_whoever_is_not_let_in_is_told_so_without_the_secret(
    server: PostgresqlServer, user: str, password: str | None, database: str, refusal: type[Refusal]
) -> None:
    asked = SqlOptions(url=server.url.replace("/postgres", f"/{database}"), table="orders")
    proof = SqlCredentials.model_validate({"user": user, "password": password})
    with pytest.raises(refusal) as caught, SqlSource().open(asked, proof):
        pass
    assert caught.value.__cause__ is None
    assert "password" not in str(caught.value).replace("the password or", "")


def test_a_server_that_is_away_is_asked_again_later(server: PostgresqlServer) -> None:
    asked = SqlOptions(url="postgresql://127.0.0.1:1/postgres", table="orders")
    with pytest.raises(Unavailable, match="does not answer"), SqlSource().open(asked, READER):
        pass


def test_a_connection_that_is_cut_while_reading_is_an_outage(server: PostgresqlServer) -> None:
    query = "SELECT i, repeat('x', 1000) AS s FROM generate_series(1, 200000) i"
    with SqlSource().open(SqlOptions(url=server.url, query=query), READER) as found:
        assert isinstance(found, Rows)
        next(found.batches)
        server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'reader'")
        with pytest.raises(Unavailable):
            list(found.batches)


def test_nothing_stays_open_at_the_server(server: PostgresqlServer) -> None:
    read(server, table="orders")
    with server.connected() as connection:
        # A server's process outlives its connection by a moment.
        until(lambda: connection.execute("SELECT FROM pg_stat_activity WHERE usename = 'reader'").fetchall() == [])
