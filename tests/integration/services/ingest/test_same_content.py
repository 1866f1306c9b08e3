"""A version is named by its content: not by the file's format, layout or dialect."""

import csv
import datetime as dt
import gzip
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.ingest.domain.kinds import MISSING, kind_of
from services.ingest.domain.table import Malformed
from tests.builders.formats import as_arrow, as_csv, as_json_lines, as_parquet, as_workbook
from tests.integration.services.ingest.conftest import Desk

texts = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), min_size=1, max_size=8)
floats = st.floats(allow_nan=False, allow_infinity=False)
KINDS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "integer": (pa.int64(), st.integers(-(2**53) + 1, 2**53 - 1)),
    "exact": (pa.int64(), st.integers(2**53, 2**63 - 1)),
    "float": (pa.float64(), floats.filter(lambda x: "." in repr(x) or "e" in repr(x))),
    "boolean": (pa.bool_(), st.booleans()),
    "date": (pa.date32(), st.dates()),
    "timestamp": (pa.timestamp("us"), st.datetimes(min_value=dt.datetime.fromisoformat("1500-01-01"))),
    "string": (pa.string(), texts.filter(lambda text: text not in MISSING)),
}

# Excel has 15 digits, milliseconds, no dates before 1900, no control characters and no empty rows.
plain = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]) | st.just("\n"), min_size=1, max_size=8
)
SHEET_KINDS: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "integer": (pa.int64(), st.integers(-(10**15) + 1, 10**15 - 1)),
    "float": (pa.float64(), st.integers(-(10**9), 10**9).map(lambda n: n / 8).filter(lambda x: not x.is_integer())),
    "boolean": (pa.bool_(), st.booleans()),
    "date": (pa.date32(), st.dates(min_value=dt.date(1901, 1, 1))),
    "timestamp": (
        pa.timestamp("us"),
        st.integers(1, 10**9)
        .map(lambda n: dt.datetime.fromisoformat("1960-01-01") + n * dt.timedelta(seconds=1))
        .filter(lambda t: t.time() != dt.time.min),
    ),
    "string": (pa.string(), plain.filter(lambda text: not text.startswith(("=", "#")))),
}


@st.composite
def sheets(draw: st.DrawFn) -> pa.Table:
    columns = {"row": pa.array(range(count := draw(st.integers(2, 12))), pa.int64())}
    for index, kind in enumerate(draw(st.lists(st.sampled_from(sorted(SHEET_KINDS)), max_size=5))):
        type_, values = SHEET_KINDS[kind]
        cells = draw(st.lists(st.none() | values, min_size=count, max_size=count))
        assume(any(cell is not None for cell in cells))
        columns[f"{kind}_{index}"] = pa.array(cells, type_)
    return pa.table(columns)


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    kinds = draw(st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=5))
    count = draw(st.integers(2, 12))
    columns = {}
    for index, kind in enumerate(kinds):
        type_, values = KINDS[kind]
        cells = draw(st.lists(st.none() | values, min_size=count, max_size=count))
        assume(any(cell is not None for cell in cells))
        if kind == "string":  # text that looks like a number or a date would be taken for one
            assume(kind_of("s", [cell or "" for cell in cells]) == "string")
        columns[f"{kind}_{index}"] = pa.array(cells, type_)
    return pa.table(columns)


@settings(max_examples=20, deadline=None)
@given(tables(), st.sampled_from(",;\t|"), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.integers(1, 5))
def test_any_table_comes_back_equal_and_by_one_name_from_every_format(
    table: pa.Table, delimiter: str, quoting: int, group: int
) -> None:
    files = {
        "t.csv": as_csv(table, delimiter, quoting),
        "t.csv.gz": gzip.compress(as_csv(table)[:10]) + gzip.compress(as_csv(table)[10:]),
        "t.jsonl": as_json_lines(table),
        "t.jsonl.zst": pa.compress(as_json_lines(table), "zstd", asbytes=True),
        "t.parquet": as_parquet(table, row_group_size=group, use_dictionary=False),
        "t.arrow": as_arrow(table, group, "lz4"),
        "t.ipc": as_arrow(table, stream=True),
    }
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        taken = {name: desk.take(data, name) for name, data in files.items()}
        for kept in taken.values():
            assert desk.rows(kept) == table.to_pydict()
            assert (kept.version, kept.columns) == (taken["t.csv"].version, taken["t.csv"].columns)
            assert (kept.rows, kept.malformed, kept.notes) == (table.num_rows, Malformed(), ())


@settings(max_examples=12, deadline=None)
@given(sheets())
def test_what_a_sheet_can_hold_comes_back_equal(table: pa.Table) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        kept = desk.take(as_workbook(table), "t.xlsx")
        assert desk.rows(kept) == table.to_pydict()
        assert kept.version == desk.take(as_parquet(table), "t.parquet").version


def test_narrow_and_wrapped_types_are_the_same_content(desk: Desk) -> None:
    values = {
        "n": [1, None, 3],
        "x": [0.5, 1.5, None],
        "s": ["a", None, "b"],
        "t": [dt.datetime.fromisoformat("2026-11-24")] * 3,
    }
    wide = pa.table(
        values, schema=pa.schema({"n": pa.int64(), "x": pa.float64(), "s": pa.string(), "t": pa.timestamp("us")})
    )
    narrow = wide.cast(pa.schema({"n": pa.int8(), "x": pa.float32(), "s": pa.large_string(), "t": pa.timestamp("ms")}))
    wrapped = narrow.set_column(2, "s", narrow["s"].cast(pa.string()).dictionary_encode())
    versions = {desk.take(as_parquet(table), "t.parquet").version for table in (wide, narrow, wrapped)}
    assert len(versions) == 1


def test_exact_numbers_become_plain_ones_and_not_a_number_is_missing(desk: Desk) -> None:
    table = pa.table(
        {
            "whole": pa.array(["1", "2"]).cast(pa.decimal128(9, 0)),
            "cents": pa.array(["1.50", "2.25"]).cast(pa.decimal128(9, 2)),
            "x": [float("nan"), 1.0],
            "nothing": pa.nulls(2),
        }
    )
    kept = desk.take(as_parquet(table), "t.parquet")
    assert desk.rows(kept) == {"whole": [1, 2], "cents": [1.5, 2.25], "x": [None, 1.0], "nothing": [None, None]}
    assert [column.missing for column in kept.columns] == [0, 0, 1, 2]


@pytest.mark.parametrize("other", ["a,b\n3,4\n1,2\n", "b,a\n2,1\n4,3\n", "a,b\n1,2\n3,4\n5,6\n", "a,b\n1,2\n3,5\n"])
def test_other_content_has_another_name(desk: Desk, other: str) -> None:
    assert desk.take(other).version != desk.take("a,b\n1,2\n3,4\n").version


def test_the_same_file_is_kept_once(desk: Desk) -> None:
    assert desk.take("a,b\n1,2\n3,4\n") == desk.take("a,b\n1,2\n3,4\n")
    assert len(desk.objects.keys("datasets")) == 2  # the table and its profile
