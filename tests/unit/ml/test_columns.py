from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ml.columns import ordered, said


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pd.Series([1, 2]), [1, 2]),
        (pd.Series([1.5, np.inf, None]), [1.5, None, None]),
        (pd.Series([1, 2.5, None], dtype=object), [1, 2.5, None]),
        (pd.Series([date(1970, 1, 2), None], dtype=object), [1, None]),
        (pd.Series([pd.Timestamp("1970-01-02 12:00"), pd.NaT]), [1.5, None]),
        (pd.Series([datetime(1970, 1, 3, tzinfo=UTC)]), [2]),
    ],
)
def test_numbers_and_moments_have_an_order(values: pd.Series, expected: list[float | None]) -> None:
    found = ordered(values)
    assert found is not None
    assert found.astype(object).where(found.notna(), None).tolist() == expected


@pytest.mark.parametrize("values", [["a", "b"], [True, False], [True, None], [None, None], [1, "a"]])
def test_all_else_are_categories(values: list[Any]) -> None:
    assert ordered(pd.Series(values, dtype=object)) is None


def test_truth_values_are_categories_whatever_their_type() -> None:
    assert ordered(pd.Series([True, False])) is None


def test_a_column_of_numbers_that_holds_none_is_still_one_of_numbers() -> None:
    found = ordered(pd.Series([np.nan, np.nan]))
    assert found is not None
    assert found.isna().all()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (3, "3"),
        (np.float64(2.0), "2"),
        (12345678.0, "1.23457e+07"),
        (date(2024, 2, 1), "2024-02-01"),
        (pd.Timestamp("2024-02-01 10:30"), "2024-02-01T10:30:00"),
        (np.True_, "True"),
        (pd.NaT, "(missing)"),
    ],
)
def test_values_are_said_as_people_read_them(value: Any, words: str) -> None:
    assert said(value) == words
