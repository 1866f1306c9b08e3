import datetime as dt
import math

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.domain.digest import CHUNK, digest_of

SCHEMA = pa.schema(
    [
        ("n", pa.int64()),
        ("x", pa.float64()),
        ("b", pa.bool_()),
        ("s", pa.string()),
        ("d", pa.date32()),
        ("t", pa.timestamp("us")),
        ("u", pa.timestamp("us", "UTC")),
    ]
)
ROWS = {
    "n": [1, None, -(2**63)],
    "x": [0.0, 1.5, None],
    "b": [True, None, False],
    "s": ["", None, "große"],
    "d": [dt.date(2026, 11, 24), None, dt.date(1, 1, 1)],
    "t": [1_795_482_123_000_004, None, -2_208_988_800_000_000],
    "u": [dt.datetime(2026, 11, 24, tzinfo=dt.UTC), None, dt.datetime(1970, 1, 1, tzinfo=dt.UTC)],
}
GOLDEN = "79ec7b00cf633c7401963391ce4b89d7c88cf6cb56d543bef81764882df9eb6c"


def digest(table: pa.Table, chunk: int = CHUNK) -> str:
    return digest_of(table.schema, table.to_batches(chunk))


def column(*values: object, kind: pa.DataType | None = None) -> pa.Table:
    return pa.table({"a": pa.array(values, kind)})


def test_the_digest_of_a_table_of_every_type_never_changes() -> None:
    assert digest(pa.table(ROWS, schema=SCHEMA)) == GOLDEN


@given(st.lists(st.none() | st.text(max_size=5), min_size=1), st.integers(1, 9), st.integers(0, 5))
def test_how_rows_are_cut_does_not_matter(values: list[str | None], chunk: int, offset: int) -> None:
    table = column(*values, kind=pa.string())
    shifted = column(*(["gone"] * offset), *values, kind=pa.string()).slice(offset)
    assert digest(table, chunk) == digest(table) == digest(shifted) == digest(shifted, chunk)


def test_more_than_a_chunk_is_cut_at_the_same_rows() -> None:
    table = pa.table({"a": pa.array(range(150_000)), "b": pa.array([None, "x", "yy"] * 50_000)})
    assert len({digest(table, size) for size in (1_000, CHUNK, 70_000, 150_000)}) == 1


def test_what_lies_under_a_missing_value_does_not_matter() -> None:
    validity = pa.array([True, False]).buffers()[1]
    assert validity is not None
    dirty = pa.Array.from_buffers(pa.int64(), 2, [validity, pa.array([7, 99]).buffers()[1]])
    assert digest(pa.table({"a": dirty})) == digest(column(7, None))


def test_numbers_that_are_equal_are_one() -> None:
    assert digest(column(0.0, math.nan)) == digest(column(-0.0, -math.nan))


@pytest.mark.parametrize(
    "other",
    [
        column(2, 1),
        column(1, 2, 2),
        column(1.0, 2.0),
        column("1", "2"),
        column(1, None),
        pa.table({"b": [1, 2]}),
        pa.table({"a": [1, 2], "b": [1, 2]}),
    ],
)
def test_other_rows_order_types_or_names_are_another_content(other: pa.Table) -> None:
    assert digest(other) != digest(column(1, 2))


def test_where_one_string_ends_matters() -> None:
    assert digest(column("ab", "c")) != digest(column("a", "bc"))
    assert digest(column("", None)) != digest(column(None, ""))


def test_a_type_that_is_not_canonical_is_our_own_fault() -> None:
    with pytest.raises(TypeError, match="int32"):
        digest(column(1, kind=pa.int32()))
