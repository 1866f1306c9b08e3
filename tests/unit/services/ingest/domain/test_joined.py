import pyarrow as pa
import pytest

from services.ingest.domain.errors import DuplicateColumns, UnclosedQuote
from services.ingest.domain.joined import joined_columns, joined_schema, missing_notes
from services.ingest.domain.many_errors import NothingInCommon, TypesDiffer, told_with


def test_columns_stand_as_the_first_file_has_them_and_others_behind() -> None:
    assert joined_columns({"a.csv": ("x", "y"), "b.csv": ("z", "y"), "c.csv": ("w", "z")}) == ("x", "y", "z", "w")


def test_a_file_of_another_table_is_named() -> None:
    with pytest.raises(NothingInCommon, match=r"c\.csv shares no column with a\.csv"):
        joined_columns({"a.csv": ("x",), "b.csv": ("x", "y"), "c.csv": ("z",)})


def test_two_spellings_of_a_column_are_refused() -> None:
    with pytest.raises(DuplicateColumns, match="Mass, mass"):
        joined_columns({"a.csv": ("n", "Mass"), "b.csv": ("n", "mass")})


@pytest.mark.parametrize(
    ("one", "other", "wider"),
    [
        (pa.int64(), pa.float64(), pa.float64()),
        (pa.date32(), pa.timestamp("us"), pa.timestamp("us")),
        (pa.null(), pa.bool_(), pa.bool_()),
        (pa.null(), pa.null(), pa.string()),
        (pa.string(), pa.string(), pa.string()),
    ],
)
def test_a_wider_type_holds_both(one: pa.DataType, other: pa.DataType, wider: pa.DataType) -> None:
    for first, second in ((one, other), (other, one)):
        assert joined_schema({"a": pa.schema({"x": first}), "b": pa.schema({"x": second})}) == pa.schema({"x": wider})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (pa.int64(), pa.string()),
        (pa.bool_(), pa.int64()),
        (pa.timestamp("us"), pa.timestamp("us", "UTC")),
        (pa.date32(), pa.string()),
    ],
)
def test_types_that_nothing_holds_are_refused_with_both_files(one: pa.DataType, other: pa.DataType) -> None:
    files = {"a.pq": pa.schema({"x": one}), "b.pq": pa.schema({"x": pa.null()}), "c.pq": pa.schema({"x": other})}
    with pytest.raises(TypesDiffer) as caught:
        joined_schema(files)
    assert caught.value.cause == f"The column x is {one} in a.pq and {other} in c.pq."


def test_only_what_some_files_lack_is_noted() -> None:
    assert missing_notes({"a": ("x", "y"), "b": ("y", "x")}) == ()
    assert len(missing_notes({"a": ("x", "y"), "b": ("x", "z"), "c": ("x",)})) == 2


def test_a_refusal_says_once_in_which_file() -> None:
    told = told_with(UnclosedQuote(3), "b.csv")
    assert told.reason == "UnclosedQuote"
    assert str(told).startswith("b.csv: A quoted value begins on line 3")
    assert told_with(told, "b.csv") is told
