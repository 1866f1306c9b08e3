"""Many files make one version, and it is the version that one file with the same rows makes."""

import datetime as dt
import io
import random
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import Refusal
from contracts.ingest import RejectedRow
from services.ingest.domain.errors import (
    DuplicateColumns,
    EmptyFile,
    NoRows,
    UnclosedQuote,
    UnreadableParquet,
    UnsupportedColumns,
    UnsupportedFormat,
    UploadMissing,
)
from services.ingest.domain.many_errors import MixedFormats, NothingInCommon, TooLargeForFraction, TypesDiffer
from services.ingest.domain.table import Table
from services.ingest.sources import File, Files
from tests.builders.formats import as_csv, as_parquet
from tests.integration.services.ingest.conftest import Desk
from tests.integration.services.ingest.test_same_content import tables


def take(desk: Desk, files: Mapping[str, bytes | str]) -> Table:
    """Read files that a source holds, in the order in which they are given; what is scratch must be gone afterwards."""
    held = {name: data.encode() if isinstance(data, str) else data for name, data in files.items()}
    found = [File(name, len(data), None, lambda data=data: iter([data])) for name, data in held.items()]  # type: ignore[misc]
    try:
        return desk.intake.take_found(Files(found), "there")
    finally:
        assert list(desk.scratch.iterdir()) == []


def parquet(**columns: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


@settings(max_examples=25, deadline=None)
@given(tables(), st.data())
def test_the_same_rows_in_one_file_or_in_many_are_one_version(table: pa.Table, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, table.num_rows), max_size=4)))
    pieces = [table.slice(a, b - a) for a, b in zip([0, *cuts], [*cuts, table.num_rows], strict=True)]
    order = data.draw(st.permutations(range(len(pieces))))
    delimiters = data.draw(st.lists(st.sampled_from(",;\t|"), min_size=len(pieces), max_size=len(pieces)))
    columns = [
        data.draw(st.permutations(table.column_names)) if at else table.column_names for at in range(len(pieces))
    ]
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        one = desk.take(as_csv(table, ",", 0))
        csv = {f"{at}.csv": as_csv(pieces[at].select(columns[at]), delimiters[at], at % 2) for at in order}
        many = take(desk, csv)
        assert (many.version, many.rows, many.columns) == (one.version, one.rows, one.columns)
        parts = {f"{at}.parquet": as_parquet(pieces[at].select(columns[at])) for at in order}
        assert take(desk, parts).version == one.version


def test_rows_stand_in_the_order_of_names_however_the_files_come(desk: Desk) -> None:
    files = {f"{number:02}.csv": f"n\n{number}\n{-number}\n" for number in range(20)}
    names = sorted(files)
    random.Random(0).shuffle(names)
    table = take(desk, {name: files[name] for name in names})
    assert desk.rows(table)["n"] == [value for number in range(20) for value in (number, -number)]
    assert table.version == take(desk, files).version


def test_columns_are_found_by_name_and_what_a_file_lacks_is_missing(desk: Desk) -> None:
    table = take(desk, {"a.csv": "a,b\n1,x\n", "b.csv": 'c;b;a\n2.5;"y;,";2\n3;z;3\n', "c.csv": "a\n4\n\n"})
    assert desk.rows(table) == {
        "a": [1, 2, 3, 4, None],
        "b": ["x", "y;,", "z", None, None],
        "c": [None, 2.5, 3.0, None, None],
    }
    assert table.notes == (
        "The column b is missing in 1 of 3 files; their rows have no value there.",
        "The column c is missing in 2 of 3 files; their rows have no value there.",
    )


def test_a_rejected_row_is_told_with_its_file_and_its_line_there(desk: Desk) -> None:
    files = {
        "a.csv": "\n\na,b\n1,x\n2\n3,z\n",
        "b.csv": 'a,b\n4,"two\nlines"\n5,y,?\n6,w\n',
        "c.csv": 'b,a\n"two\nlines",7\n8\nx,"9"9\n"\n",\n\n"1\n2",3,4\nq,10\n',
    }
    table = take(desk, files)
    assert table.malformed.rejected == (
        RejectedRow(line=5, problem="has fewer values than the header has names", file="a.csv"),
        RejectedRow(line=4, problem="has more values than the header has names", file="b.csv"),
        RejectedRow(line=4, problem="has fewer values than the header has names", file="c.csv"),
        RejectedRow(line=5, problem="has text after a closing quote", file="c.csv"),
        RejectedRow(line=9, problem="has more values than the header has names", file="c.csv"),
    )
    assert table.malformed.listed == 5
    assert desk.rows(table)["a"] == [1, 3, 4, 6, 7, None, 10]


def test_a_header_may_take_several_lines(desk: Desk) -> None:
    table = take(desk, {"a.csv": 'a,"b\nc"\n1,2\n', "b.csv": '"b\nc",a\n4,3\n5\n'})
    assert desk.rows(table) == {"a": [1, 3], "b\nc": [2, 4]}
    assert [(row.file, row.line) for row in table.malformed.rejected] == [("b.csv", 4)]


def test_a_file_may_have_a_header_only(desk: Desk) -> None:
    assert desk.rows(take(desk, {"a.csv": "a\n1\n2\n", "b.csv": "a\n", "c.csv": "a"})) == {"a": [1, 2]}
    with pytest.raises(NoRows):
        take(desk, {"a.csv": "a,b\n", "b.csv": "a,b\n"})


def test_a_type_is_widened_over_all_files(desk: Desk) -> None:
    csv = take(desk, {"a.csv": "n,d\n1,2026-01-01\n", "b.csv": "n,d\n0.5,2026-01-01 10:00\n"})
    made = {
        "a.parquet": parquet(n=[1], d=[dt.date(2026, 1, 1)]),
        "b.parquet": parquet(n=[0.5], d=[dt.datetime.fromisoformat("2026-01-01T10:00")]),
        "c.parquet": parquet(n=pa.nulls(0), d=pa.nulls(0)),
    }
    assert take(desk, made).version == csv.version
    assert [column.type for column in csv.columns] == ["float", "timestamp"]


def test_folders_names_are_columns(desk: Desk) -> None:
    files = {"year=2026/month=01/a.csv": "a\n1\n\n", "year=2025/month=12/a.csv": "a\n3\n"}
    table = take(desk, files)
    assert desk.rows(table) == {"a": [3, 1, None], "year": [2025, 2026, 2026], "month": [12, 1, 1]}
    made = {
        "year=2026/month=01/a.parquet": parquet(a=[1, None]),
        "year=2025/month=12/a.parquet": parquet(a=[3]),
    }
    assert take(desk, made).version == table.version
    one = take(desk, {"city=S%C3%A3o/day=2026-11-24/a.csv": "a\n1\n2\n"})
    assert desk.rows(one) == {"a": [1, 2], "city": ["São"] * 2, "day": [dt.date(2026, 11, 24)] * 2}


def test_rows_that_only_get_a_folders_column_are_as_they_were(desk: Desk) -> None:
    files = {"year=2026/a.csv": "a,b\n1,2\n\n3\n4,5,6\n7,8", "year=2027/a.csv": "a,b\n9,\n10,11\n12,13\n"}
    table = take(desk, files)
    assert desk.rows(table) == {
        "a": [1, 7, 9, 10, 12],
        "b": [2, 8, None, 11, 13],
        "year": [2026, 2026, 2027, 2027, 2027],
    }
    assert [(row.file, row.line) for row in table.malformed.rejected] == [
        ("year=2026/a.csv", 4),
        ("year=2026/a.csv", 5),
    ]
    quoted = {name: data.replace("8", '"8"').replace("11", '"11"') for name, data in files.items()}
    assert take(desk, quoted) == table
    one = desk.take("a,b,year\n1,2,2026\n7,8,2026\n9,,2027\n10,11,2027\n12,13,2027\n")
    assert one.version == table.version


@pytest.mark.parametrize(
    "rows",
    ["1,2,\n3,4\n", '1,2,""\n3,"4"\n', "1,2,,\n3,4\n5,6\n7,8\n", "1,2,,3\n3,4\n5,6\n7,8\n", '1,2,""x\n3,4\n5,6\n7,8\n'],
)
def test_a_delimiter_behind_the_last_value_means_what_it_means_in_one_file(desk: Desk, rows: str) -> None:
    one = desk.take("a,b\n" + rows)
    table = take(desk, {"x=1/a.csv": "a,b\n" + rows, "x=1/b.csv": "b;a\n"})
    assert (table.rows, table.malformed.listed) == (one.rows, one.malformed.listed)
    assert {name: values for name, values in desk.rows(table).items() if name != "x"} == desk.rows(one)


def test_columns_that_begin_late_have_their_type_nevertheless(desk: Desk) -> None:
    late = take(desk, {"a.csv": "a\n" + "1\n" * 30_000, "b.csv": "a,n,d,s\n2,0.5,2026-01-01,x\n2,1,2026-01-02,y\n"})
    assert [column.type for column in late.columns] == ["integer", "float", "date", "string"]
    assert late.columns[1].missing == 30_000


def test_a_folder_that_names_few_rows_otherwise_makes_its_column_text(desk: Desk) -> None:
    table = take(desk, {"region=7/a.csv": "a\n" + "1\n" * 500, "region=north/a.csv": "a\n1\n"})
    assert (table.rows, table.malformed.listed, table.columns[1].type) == (501, 0, "string")


@pytest.mark.parametrize(
    ("files", "refusal", "said"),
    [
        ({"a.csv": "a\n1\n", "b.parquet": parquet(a=[1])}, MixedFormats, "a.csv is delimited and b.parquet is parquet"),
        ({"a.csv": "a,b\n1,2\n", "b.csv": "c,d\n1,2\n"}, NothingInCommon, "b.csv shares no column with a.csv"),
        ({"a.csv": "a,b\n1,2\n", "b.csv": "a,B\n1,2\n"}, DuplicateColumns, "b, B"),
        ({"a.csv": "a,b\n1,2\n", "b.csv": "a,a\n1,2\n"}, DuplicateColumns, "b.csv: These column names"),
        ({"a.csv": "a,b\n1,2\n", "b.csv": 'a,b\n1,"2\n'}, UnclosedQuote, "b.csv: A quoted value begins on line 2"),
        ({"a.csv": "a,b\n1,2\n", "b.csv": ""}, EmptyFile, "b.csv is empty"),
        ({"a.csv": "a,b\n1,2\n", "b.doc": "a"}, UnsupportedFormat, "b.doc"),
        ({"a.pq": parquet(a=[1]), "b.pq": parquet(a=["x"])}, TypesDiffer, "a is int64 in a.pq and string in b.pq"),
        ({"a.pq": parquet(a=[2**60]), "b.pq": parquet(a=[0.5])}, TooLargeForFraction, "in a.pq and fractions in b.pq"),
        ({"a.pq": parquet(a=[1]), "b.pq": parquet(a=[1])[:-9] + b"123456789"}, UnreadableParquet, "b.pq is a damaged"),
        ({"a.pq": parquet(a=[1]), "b.pq": parquet(a=[[1]])}, UnsupportedColumns, "b.pq: These columns"),
    ],
)
def test_files_that_are_no_parts_of_one_table_are_refused_by_name(
    desk: Desk, files: dict[str, bytes | str], refusal: type[Refusal], said: str
) -> None:
    with pytest.raises(refusal) as caught:
        take(desk, files)
    assert said in caught.value.cause
    assert said in str(caught.value)
    assert desk.objects.keys("datasets") == []


def test_an_upload_of_many_files_is_one_table(desk: Desk) -> None:
    for name, data in {"b/ü 1#%.csv": b"a\n3\n", "a.csv": b"a\n1\n2\n", "README.md": b"# What this is\n"}.items():
        assert desk.objects.create(f"uploads/ing-1/{name}", [data])
    assert desk.objects.create("uploads/ing-10/a.csv", [b"a\n9\n"])
    table = desk.intake.take("uploads/ing-1/", "sales")
    assert desk.rows(table) == {"a": [1, 2, 3]}
    assert table.notes == ("README.md was left aside: its name says no format that is read.",)
    with pytest.raises(UploadMissing):
        desk.intake.take("uploads/ing-2/", "sales")


def test_a_file_that_cannot_be_fetched_ends_the_reading(desk: Desk) -> None:
    def broken() -> Any:
        yield b"a\n1\n"
        raise UploadMissing("b.csv")

    good = [File(f"{number:03}.csv", None, None, lambda: iter([b"a\n1\n"])) for number in range(100)]
    with pytest.raises(UploadMissing):
        desk.intake.take_found(Files([*good, File("050b.csv", None, None, broken)]), "there")
    assert list(desk.scratch.iterdir()) == []
