"""The source ``snowflake`` through its real connector, to a stand-in for the server that believes every credential."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
import snowflake.connector
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from pydantic import ValidationError

from contracts.errors import Refusal
from services.ingest.domain.database_errors import (
    ColumnMissing,
    LoginRefused,
    NotOneQuery,
    QueryFailed,
    TableMissing,
    UnreadableKey,
)
from services.ingest.sources import Rows
from services.ingest.sources.snowflake import SnowflakeCredentials, SnowflakeOptions, SnowflakeSource
from tests.builders.fakesnow import snowflake_server

SETUP = (
    "CREATE DATABASE shop",
    "CREATE SCHEMA shop.sales",
    "CREATE TABLE shop.sales.orders (id NUMBER(38,0), price NUMBER(12,2), long NUMBER(38,10), share FLOAT, "
    "doc VARIANT, at_tz TIMESTAMP_TZ, at_ntz TIMESTAMP_NTZ, day DATE, at_time TIME, paid BOOLEAN, name VARCHAR)",
    "INSERT INTO shop.sales.orders SELECT 1, 1.25, 12345678901234567.5, 0.5, PARSE_JSON('{\"a\":1}'), "
    "'2026-11-24 10:00:00 +0200'::TIMESTAMP_TZ, '2026-11-24 10:00:00.123456', '2026-11-24', '10:00:00', TRUE, 'x'",
)
PASSWORD = {"user": "reader", "password": "a-secret-of-the-tests"}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with snowflake_server(tmp_path_factory.mktemp("fakesnow")) as port:
        place: dict[str, Any] = {"host": "127.0.0.1", "port": port, "protocol": "http", "account": "test"}
        with snowflake.connector.connect(**place, user="owner", password="any", network_timeout=20) as connection:
            for statement in SETUP:
                connection.cursor().execute(statement)
        yield port


def read(port: int, proof: dict[str, str] | None = None, **asked: Any) -> tuple[pa.Table, Rows]:
    place = {"account": "test", "host": "127.0.0.1", "port": port, "protocol": "http"}
    options = SnowflakeOptions.model_validate(place | {"database": "SHOP", "schema_name": "SALES"} | asked)
    with SnowflakeSource().open(options, SnowflakeCredentials.model_validate(proof or PASSWORD)) as found:
        assert isinstance(found, Rows)
        table = pa.Table.from_batches(list(found.batches), found.schema)
        assert found.counted() == table.num_rows
        return table, found


def test_every_type_keeps_its_values(port: int) -> None:
    table, found = read(port, table="orders")
    assert table.to_pylist() == [
        {
            "ID": 1, "PRICE": 1.25, "LONG": "12345678901234567.5000000000", "SHARE": 0.5, "DOC": '{"a":1}',
            "AT_TZ": datetime(2026, 11, 24, 8, tzinfo=UTC),
            "AT_NTZ": datetime.fromisoformat("2026-11-24 10:00:00.123456"),
            "DAY": date(2026, 11, 24), "AT_TIME": "10:00:00", "PAID": True, "NAME": "x",
        }
    ]  # fmt: skip
    assert [note.split()[0] for note in found.notes] == ["LONG", "AT_TIME"]
    assert found.lineage["query_id"]


def test_a_table_may_be_named_in_full(port: int) -> None:
    table, _ = read(port, table='shop."SALES".orders', database=None, schema_name=None)
    assert table["ID"].to_pylist() == [1]


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("SELECT * FROM nowhere", TableMissing),
        ("SELECT nothing FROM orders", ColumnMissing),
        ("SELECT FROM WHERE", QueryFailed),
        ("DELETE FROM orders", NotOneQuery),
    ],
)
def test_what_a_query_cannot_have_is_said(port: int, query: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        read(port, query=query)


def test_a_private_key_logs_in_and_its_passphrase_is_needed(port: int) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"its-passphrase")).decode()
    proof = {"user": "reader", "private_key": pem, "private_key_passphrase": "its-passphrase"}
    assert read(port, proof, table="orders")[0].num_rows == 1
    for wrong in ({"private_key_passphrase": "another"}, {"private_key": "no key"}):
        with pytest.raises(UnreadableKey) as caught:
            read(port, proof | wrong, table="orders")
        assert "another" not in str(caught.value).replace("is another", "")


def test_a_token_logs_in(port: int) -> None:
    assert read(port, {"user": "reader", "token": "a-token-of-the-tests"}, table="orders")[0].num_rows == 1


def test_nobody_is_not_let_in(port: int) -> None:
    with pytest.raises(LoginRefused), SnowflakeSource().open(SnowflakeOptions(account="test", table="a"), None):
        pass


@pytest.mark.parametrize("proof", [{}, {"password": "hidden", "token": "hidden"}])
def test_credentials_hold_one_proof(proof: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="one of password"):
        SnowflakeCredentials.model_validate({"user": "reader"} | proof)


def test_http_is_only_spoken_on_this_machine() -> None:
    with pytest.raises(ValidationError, match="https"):
        SnowflakeOptions(account="test", host="db.example", protocol="http", table="a")
