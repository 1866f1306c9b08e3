"""The source ``sql`` on files of SQLite and DuckDB: one type a column, nothing but the file, errors in words."""

import sqlite3
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from contracts.errors import Refusal, Unavailable
from services.ingest.domain.database_errors import (
    ColumnMissing,
    FileOutside,
    MixedColumn,
    NoDatabaseFile,
    NotOneQuery,
    QueryFailed,
    ReadingForbidden,
    TableMissing,
)
from services.ingest.sources import Rows
from services.ingest.sources.sql import SqlOptions, SqlSource


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with sqlite3.connect(tmp_path / "shop.db") as lite:
        lite.execute('CREATE TABLE "my orders" (id INTEGER, price REAL, note TEXT)')
        lite.executemany('INSERT INTO "my orders" VALUES (?, ?, ?)', [(1, 2, None), (2, 2.5, "late"), (3, None, "")])
    lite.close()
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as duck:
        duck.execute(
            "CREATE TABLE orders AS SELECT i::INTEGER AS id, (i * 1.25)::DECIMAL(12,2) AS price FROM range(3) t(i)"
        )
    return tmp_path


def read(folder: Path | None, url: str, query: str | None = None, table: str | None = None) -> tuple[pa.Table, Rows]:
    with SqlSource(folder).open(SqlOptions(url=url, query=query, table=table), None) as found:
        assert isinstance(found, Rows)
        rows = pa.Table.from_batches(list(found.batches), found.schema)
        assert found.counted() == rows.num_rows
        return rows, found


def test_a_sqlite_table_is_read_with_the_types_of_its_values(folder: Path) -> None:
    table, _ = read(folder, "sqlite:///shop.db", table="my orders")
    assert table.to_pydict() == {"id": [1, 2, 3], "price": [2.0, 2.5, None], "note": [None, "late", ""]}
    assert [str(kind) for kind in table.schema.types] == ["int64", "double", "string"]


def test_values_that_come_late_decide_as_early_ones_do(folder: Path) -> None:
    query = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
    table, _ = read(folder, "sqlite:///shop.db", query + "SELECT iif(i < 150000, NULL, 'late') AS v FROM n")
    assert (table.num_rows, table["v"].null_count, str(table.schema.field("v").type)) == (200_000, 149_999, "string")
    with pytest.raises(
        MixedColumn, match=r"column v holds whole numbers \(199999 rows\) and text \(1 rows\)"
    ) as caught:
        read(folder, "sqlite:///shop.db", query + "SELECT iif(i = 190000, 'oops', i) AS v FROM n")
    assert 'CAST("v" AS TEXT)' in caught.value.cure
    table, _ = read(folder, "sqlite:///shop.db", query + "SELECT CAST(iif(i = 3, 'oops', i) AS TEXT) AS v FROM n")
    assert table["v"][:3].to_pylist() == ["1", "2", "oops"]


def test_whole_numbers_among_decimals_are_not_rounded(folder: Path) -> None:
    with pytest.raises(MixedColumn, match=r"2\^53"):
        read(folder, "sqlite:///shop.db", "SELECT 1.5 AS v UNION ALL SELECT 9007199254740993")


def test_a_table_with_more_columns_than_one_survey_holds_is_read(folder: Path) -> None:
    columns = ", ".join(f"{i} AS c{i}" for i in range(1_900))
    table, _ = read(folder, "sqlite:///shop.db", f"SELECT {columns}")
    assert table.num_columns == 1_900
    assert table["c1899"].to_pylist() == [1_899]


@pytest.mark.parametrize(
    ("expression", "expected", "kind"),
    [
        ("9223372036854775807::HUGEINT", 9223372036854775807, "int64"),
        ("9223372036854775808::UBIGINT", "9223372036854775808", "string"),
        ("1.5::DECIMAL(38,10)", 1.5, "double"),
        ("12345678901234567.5::DECIMAL(38,10)", "12345678901234567.5000000000", "string"),
        ("7::DECIMAL(10,0)", 7, "int64"),
        ("INTERVAL 1 DAY", "1 day", "string"),
        ("[1, 2]", "[1, 2]", "string"),
        ("'infinity'::DATE", "infinity", "string"),
    ],
)
def test_duckdb_types_keep_their_values(folder: Path, expression: str, expected: Any, kind: str) -> None:
    table, found = read(folder, "duckdb:///shop.duckdb", f"SELECT {expression} AS v")
    assert (table["v"].to_pylist(), str(table.schema.field("v").type)) == ([expected], kind)
    assert bool(found.notes) == (kind == "string")


def test_a_duckdb_table_is_read_whole(folder: Path) -> None:
    table, _ = read(folder, "duckdb:///shop.duckdb", table="orders")
    assert table.to_pydict() == {"id": [0, 1, 2], "price": [0.0, 1.25, 2.5]}


SQLITE, DUCKDB = "sqlite:///shop.db", "duckdb:///shop.duckdb"


@pytest.mark.parametrize(
    ("url", "query", "refusal"),
    [
        (SQLITE, "SELECT * FROM nowhere", TableMissing),
        (SQLITE, 'SELECT absent FROM "my orders"', ColumnMissing),
        (SQLITE, "SELECT 1; SELECT 2", NotOneQuery),
        (SQLITE, "WITH a AS (SELECT 1) DELETE FROM \"my orders\"", ReadingForbidden),
        (SQLITE, "SELECT load_extension('other')", ReadingForbidden),
        (SQLITE, "SELECT * FROM pragma_database_list", ReadingForbidden),
        (SQLITE, "SELECT FROM", QueryFailed),
        (DUCKDB, "SELECT * FROM nowhere", TableMissing),
        (DUCKDB, "SELECT nothing FROM orders", ColumnMissing),
        (DUCKDB, "SELECT 1; SELECT 2", NotOneQuery),
        (DUCKDB, "SELECT * FROM read_csv('/etc/passwd')", ReadingForbidden),
        (DUCKDB, "SELECT * FROM glob('/*')", ReadingForbidden),
        (DUCKDB, "SELECT * FROM '/etc/passwd'", Refusal),
        (DUCKDB, "WITH a AS (SELECT 1) INSERT INTO orders SELECT 1, 1", NotOneQuery),
    ],
)  # fmt: skip
def test_what_a_query_cannot_have_is_said(folder: Path, url: str, query: str, refusal: type[Refusal]) -> None:
    before = (folder / url.removeprefix(url[: url.index("///") + 3])).read_bytes()
    with pytest.raises(refusal):
        read(folder, url, query)
    assert (folder / url.removeprefix(url[: url.index("///") + 3])).read_bytes() == before


@pytest.mark.parametrize("scheme", ["sqlite", "duckdb"])
@pytest.mark.parametrize("name", ["nowhere.db", "text.db", "."])
def test_what_is_no_database_is_said_by_its_name(folder: Path, scheme: str, name: str) -> None:
    (folder / "text.db").write_text("this is no database at all" * 100)
    with pytest.raises(NoDatabaseFile, match=name):
        read(folder, f"{scheme}:///{name}", "SELECT 1")


def test_only_files_of_the_named_folder_are_opened(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "other.db").write_bytes((folder / "shop.db").read_bytes())
    (folder / "link.db").symlink_to(outside / "other.db")
    for url in ("sqlite:///../outside0/other.db", f"sqlite:///{outside}/other.db", "sqlite:///link.db"):
        with pytest.raises(FileOutside, match="INGEST_FILES_DIR"):
            read(folder, url, "SELECT 1")
    with pytest.raises(FileOutside):
        read(None, SQLITE, "SELECT 1")


def test_a_file_that_is_written_to_is_read_later(folder: Path) -> None:
    writer = sqlite3.connect(folder / "shop.db", isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(Unavailable, match="written"):
            read(folder, SQLITE, table="my orders")
    finally:
        writer.close()
