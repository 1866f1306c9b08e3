from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestRegressor
from sklearn.inspection import partial_dependence

from ml.explain.dependence import dependence_tables, grid_of
from ml.explain.outputs import Outputs

RANDOM = np.random.default_rng(3)
ROWS = pd.DataFrame({name: RANDOM.normal(size=120) for name in "abc"})


def a_number(function: Any) -> Outputs:
    return Outputs(("prediction",), "prediction", lambda rows: np.asarray(function(rows), dtype=float)[:, None])


def test_means_and_lines_are_those_of_scikit_learn() -> None:
    forest = RandomForestRegressor(20, random_state=1).fit(ROWS, ROWS["a"] * ROWS["b"])
    tables = dependence_tables(a_number(forest.predict), ROWS, ["a"])
    found = tables["partial_dependence"]
    grid = found["number"].to_numpy()
    theirs = partial_dependence(
        forest, ROWS, ["a"], grid_resolution=1000, percentiles=(0, 1), kind="both", method="brute"
    )
    at = np.searchsorted(theirs["grid_values"][0], grid)
    assert theirs["grid_values"][0][at] == pytest.approx(grid)
    assert found["mean"].to_numpy() == pytest.approx(theirs["average"][0][at])
    lines = tables["individual_lines"]
    assert lines["row"].nunique() == 50
    for row, line in lines.groupby("row"):
        assert line["prediction"].to_numpy() == pytest.approx(theirs["individual"][0][row][at])


def test_a_line_is_straight_where_the_model_is_and_lines_part_where_columns_interact() -> None:
    found = dependence_tables(a_number(lambda rows: 3 * rows["a"] + rows["b"]), ROWS, ["a"])["partial_dependence"]
    assert found["mean"].to_numpy() == pytest.approx(3 * found["number"] + ROWS["b"].mean())
    width = found["q90"] - found["q10"]
    assert width.to_numpy() == pytest.approx(width.iloc[0])
    crossed = dependence_tables(a_number(lambda rows: rows["a"] * rows["b"]), ROWS, ["a"])["partial_dependence"]
    widths = crossed["q90"] - crossed["q10"]
    assert widths.iloc[0] > 3 * widths.min()


def test_a_grid_has_values_that_there_are_as_often_as_they_are() -> None:
    numbers = grid_of(pd.Series(np.arange(1, 101)))
    assert numbers.dtype == int
    assert (numbers.iloc[0], numbers.iloc[-1], len(numbers)) == (5, 95, 20)
    days = grid_of(pd.Series([date(2020, 1, day) for day in range(1, 31)], dtype=object))
    assert days.iloc[0] == date(2020, 1, 2)
    words = grid_of(pd.Series(["b", "a", "b", None, *map(str, range(30))], dtype=object))
    assert (words.iloc[0], len(words), words.iloc[-1]) == ("b", 13, None)
    assert grid_of(pd.Series([True, False, False], dtype=object)).tolist() == [False, True]
    assert grid_of(pd.Series([1.5] * 7)).tolist() == [1.5]
    assert grid_of(pd.Series([np.nan] * 7)).isna().tolist() == [True]


def test_the_rows_that_were_asked_are_told() -> None:
    tables = dependence_tables(a_number(lambda rows: rows["a"]), ROWS, ["a"], seed=3, most_rows=60)
    assert tables["partial_dependence"].attrs == {"rows": 120, "rows_used": 60, "seed": 3}
    assert tables["individual_lines"].attrs == {"rows": 120, "rows_used": 50, "seed": 3}


def test_no_columns_have_no_lines() -> None:
    tables = dependence_tables(a_number(lambda rows: rows["a"]), ROWS, [])
    assert [len(table) for table in tables.values()] == [0, 0]
