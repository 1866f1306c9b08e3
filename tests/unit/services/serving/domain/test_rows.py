from typing import Any

import pytest

from services.serving.domain.errors import RowsRefused
from services.serving.domain.rows import checked
from tests.builders.served import ROW, TYPES


def problems(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    with pytest.raises(RowsRefused) as refused:
        checked(rows, TYPES)
    return refused.value.problems


def test_rows_become_columns() -> None:
    columns = checked([dict(ROW), dict(ROW) | {"island": "Dream"}], TYPES)
    assert columns["island"] == ["Biscoe", "Dream"]
    assert columns["flipper"] == [190.0, 190.0]
    assert columns["tagged"] == [True, True]


def test_any_value_may_be_missing() -> None:
    assert checked([dict.fromkeys(TYPES)], TYPES) == {name: [None] for name in TYPES}


def test_a_whole_number_may_be_written_with_a_point() -> None:
    assert checked([dict(ROW) | {"flipper": 190.0}], TYPES)["flipper"] == [190.0]


def test_a_date_may_be_written_as_the_midnight_that_begins_it() -> None:
    assert checked([dict(ROW) | {"seen": "2026-03-01T00:00:00.000"}], TYPES)["seen"] == ["2026-03-01"]


def test_a_timestamp_may_have_a_zone() -> None:
    assert checked([dict(ROW) | {"weighed": "2026-03-01T09:30:00Z"}], TYPES)["weighed"] == ["2026-03-01T09:30:00+00:00"]


def test_a_missing_column_is_named() -> None:
    row = {name: value for name, value in ROW.items() if name != "flipper"}
    assert problems(row) == [
        {
            "row": 0,
            "column": "flipper",
            "expected": "a whole number or null",
            "got": "no such column in the row (say null if the value is missing)",
        }
    ]


def test_an_unknown_column_is_named() -> None:
    assert problems(dict(ROW) | {"beak": 3}) == [
        {"row": 0, "column": "beak", "expected": "no such column", "got": "number 3"}
    ]


@pytest.mark.parametrize(
    ("column", "value", "got"),
    [
        ("island", 3, "number 3"),
        ("island", ["Biscoe"], "a list"),
        ("bill length", "41.5", "string '41.5'"),
        ("bill length", True, "boolean True"),
        ("bill length", {"mm": 41}, "an object"),
        ("bill length", float("inf"), "number inf"),
        ("bill length", 10**400, "number 1000"),
        ("flipper", 190.5, "number 190.5"),
        ("flipper", False, "boolean False"),
        ("flipper", float("nan"), "number nan"),
        ("tagged", 1, "number 1"),
        ("tagged", "true", "string 'true'"),
        ("seen", "yesterday", "string 'yesterday'"),
        ("seen", "2026-02-30", "string '2026-02-30'"),
        ("seen", 20260301, "number 20260301"),
        ("seen", "2026-03-01T09:30:00", "string '2026-03-01T09:30:00'"),
        ("seen", "9999-01-01", "string '9999-01-01'"),
        ("weighed", "2026-03-01T25:00:00", "string '2026-03-01T25:00:00'"),
        ("weighed", "0001-01-01T00:00:00", "string '0001-01-01T00:00:00'"),
        ("weighed", 1.5, "number 1.5"),
    ],
)
def test_a_value_of_another_type_is_named(column: str, value: Any, got: str) -> None:
    (problem,) = problems(dict(ROW) | {column: value})
    assert problem["column"] == column
    assert problem["got"].startswith(got)
    assert len(problem["got"]) <= 80


def test_each_row_at_fault_is_listed_but_not_without_end() -> None:
    faults = problems(dict(ROW), *[dict(ROW) | {"flipper": "x"} for _ in range(100)])
    assert [fault["row"] for fault in faults] == list(range(1, 21))


def test_the_first_fault_is_said_in_a_sentence() -> None:
    with pytest.raises(RowsRefused, match=r"Row 1, column 'flipper': expected a whole number or null, got string 'x'"):
        checked([dict(ROW), dict(ROW) | {"flipper": "x"}], TYPES)
