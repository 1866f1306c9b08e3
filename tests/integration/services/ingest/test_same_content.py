"""A version is named by its content: not by the file's format, layout or dialect."""

import csv
import datetime as dt
import io
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from services.ingest.domain.kinds import MISSING, kind_of
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


def as_csv(table: pa.Table, delimiter: str, quoting: int) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\n")  # type: ignore[arg-type]
    writer.writerow(table.column_names)
    writer.writerows(zip(*(map(_cell, column.to_pylist()) for column in table.columns), strict=True))
    return text.getvalue().encode()


def as_parquet(table: pa.Table, **options: Any) -> bytes:
    file = io.BytesIO()
    pq.write_table(table, file, **options)
    return file.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return "NA"
    return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else str(value)


@settings(max_examples=40, deadline=None)
@given(tables(), st.sampled_from(",;\t|"), st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), st.integers(1, 5))
def test_any_table_comes_back_equal_and_by_one_name(table: pa.Table, delimiter: str, quoting: int, group: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        from_csv = desk.take(as_csv(table, delimiter, quoting))
        assert desk.rows(from_csv) == table.to_pydict()
        from_parquet = desk.take(as_parquet(table, row_group_size=group, use_dictionary=False), "t.parquet")
        assert desk.rows(from_parquet) == table.to_pydict()
        assert (from_csv.version, from_csv.columns) == (from_parquet.version, from_parquet.columns)


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
    assert len(desk.objects.keys("datasets")) == 1
