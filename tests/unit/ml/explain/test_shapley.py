from collections.abc import Callable
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.engines.sklearn import ENGINE
from ml.explain.outputs import Outputs, outputs_of
from ml.explain.shapley import OTHERS, Explanation, TooManyColumns, explain_row
from tests.builders.problems import a_regression

RANDOM = np.random.default_rng(1)
ROWS = pd.DataFrame({name: RANDOM.normal(size=40) for name in "abcd"})
ROW = pd.DataFrame({"a": [2.0], "b": [-1.0], "c": [0.5], "d": [3.0]})


def a_number(function: Callable[[pd.DataFrame], Any]) -> Outputs:
    return Outputs(("prediction",), "prediction", lambda rows: np.asarray(function(rows), dtype=float)[:, None])


def values(explanation: Explanation) -> dict[str, float]:
    table = explanation.contributions
    return dict(zip(table["feature"], table["contribution"], strict=True))


def exact(function: Callable[[pd.DataFrame], Any], row: pd.DataFrame, background: pd.DataFrame) -> dict[str, float]:
    """Return Shapley's values by his formula, over every set of columns."""
    names = list(background)

    def worth(known: tuple[str, ...]) -> float:
        return float(np.mean(function(background.assign(**{name: row[name].iloc[0] for name in known}))))

    found = {}
    for name in names:
        others = [other for other in names if other != name]
        found[name] = sum(
            (worth((*known, name)) - worth(known)) / (len(names) * comb(len(others), size))
            for size in range(len(names))
            for known in combinations(others, size)
        )
    return found


def a_tangle(rows: pd.DataFrame) -> Any:
    return rows["a"] * rows["b"] * rows["c"] + np.where(rows["a"] > 1, rows["d"] ** 2, np.exp(rows["b"])) + rows["c"]


def test_a_linear_model_s_values_are_its_weights_times_the_distance_from_the_mean() -> None:
    weights = pd.Series({"a": 3.0, "b": -2.0, "c": 0.0, "d": 0.5})
    found = explain_row(a_number(lambda rows: rows @ weights + 7), ROW, ROWS)
    assert values(found) == pytest.approx((weights * (ROW.iloc[0] - ROWS.mean())).to_dict(), abs=1e-12)
    assert found.outputs.loc[0, "base"] == pytest.approx(ROWS.mean() @ weights + 7)


def test_values_come_near_to_those_of_every_set_of_columns_as_far_as_their_error_says() -> None:
    expected = exact(a_tangle, ROW, ROWS)
    table = explain_row(a_number(a_tangle), ROW, ROWS).contributions.set_index("feature")
    for name, value in expected.items():
        assert table.loc[name, "contribution"] == pytest.approx(value, abs=3 * table.loc[name, "standard_error"])
    many = [explain_row(a_number(a_tangle), ROW, ROWS, seed=seed) for seed in range(30)]
    means = {name: float(np.mean([values(one)[name] for one in many])) for name in expected}
    assert means == pytest.approx(expected, rel=0.02)


def test_interactions_of_two_columns_need_no_luck() -> None:
    def pairs(rows: pd.DataFrame) -> Any:
        return rows["a"] * rows["b"] + rows["c"] * rows["d"]

    found = explain_row(a_number(pairs), ROW, ROWS, most_rows=400)
    assert values(found) == pytest.approx(exact(pairs, ROW, ROWS), abs=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_the_error_covers_the_values_that_all_rows_would_give(seed: int) -> None:
    random = np.random.default_rng(seed)
    every = pd.DataFrame({name: random.normal(size=4000) for name in "abcd"})
    expected, inside = exact(a_tangle, ROW, every), 0
    for draw in range(50):
        background = every.iloc[random.choice(4000, 60, replace=False)]
        table = explain_row(a_number(a_tangle), ROW, background, seed=draw).contributions.set_index("feature")
        distance = table["contribution"].sub(pd.Series(expected)).abs()
        inside += int((distance <= 1.96 * table["standard_error"].reindex(distance.index)).sum())
    assert 0.88 < inside / 200 < 0.99


@given(seed=st.integers(0, 1000), columns=st.integers(1, 6), background=st.integers(1, 130))
@settings(deadline=None, max_examples=25)
def test_values_add_up_to_the_prediction_less_the_mean_of_the_background(
    seed: int, columns: int, background: int
) -> None:
    random = np.random.default_rng(seed)
    rows = pd.DataFrame({f"x{n}": random.normal(size=background) for n in range(columns)})
    row = pd.DataFrame({name: random.normal(size=1) for name in rows})
    found = explain_row(a_number(lambda rows: np.sin(rows.prod(axis=1)) * 9), row, rows, seed=seed)
    line = found.outputs.iloc[0]
    assert sum(values(found).values()) == pytest.approx(line["prediction"] - line["base"], abs=1e-12)


def test_a_column_that_is_not_used_has_none_and_equal_columns_have_equal_shares() -> None:
    rows, row = ROWS.assign(b=ROWS["a"]), ROW.assign(b=2.0)
    found = explain_row(a_number(lambda rows: rows["a"] * rows["b"] * 2), row, rows)
    assert values(found)["a"] == pytest.approx(values(found)["b"])
    assert (values(found)["c"], values(found)["d"]) == (0, 0)


def test_the_same_seed_gives_the_same_values_and_another_one_others() -> None:
    first, again, other = (
        values(explain_row(a_number(a_tangle), ROW, ROWS, seed=seed, most_rows=200)) for seed in (5, 5, 6)
    )
    assert first == again != other


def test_columns_that_are_not_told_apart_are_explained_as_one() -> None:
    found = values(explain_row(a_number(a_tangle), ROW, ROWS, columns=["c", "a"]))
    assert set(found) == {"a", "c", OTHERS}
    assert sum(found.values()) == pytest.approx(sum(values(explain_row(a_number(a_tangle), ROW, ROWS)).values()))


def test_no_more_rows_are_asked_than_allowed_and_too_few_are_refused() -> None:
    asked = 0

    def counting(rows: pd.DataFrame) -> Any:
        nonlocal asked
        asked += len(rows)
        return a_tangle(rows)

    explain_row(a_number(counting), ROW, ROWS, most_rows=300)
    assert 0 < asked <= 300
    with pytest.raises(TooManyColumns, match="4 columns"):
        explain_row(a_number(counting), ROW, ROWS, most_rows=15)


def test_no_columns_explain_nothing() -> None:
    empty = pd.DataFrame(index=range(3))
    found = explain_row(a_number(lambda rows: np.full(len(rows), 5.0)), pd.DataFrame(index=[0]), empty)
    assert found.contributions.empty
    assert found.outputs[["prediction", "base"]].iloc[0].tolist() == [5, 5]


def test_a_row_with_gaps_and_new_values_is_explained() -> None:
    problem = a_regression()
    fitted = ENGINE.prepare(problem).refit("tree")
    row = problem.features.iloc[[0]].assign(island="Atlantis", length=None, **{"seen at": "2022-03-01T10:00:00"})
    found = explain_row(outputs_of("regression", fitted), row.drop(columns="sex"), problem.features, most_rows=3000)
    shown = found.contributions.set_index("feature")["value"]
    assert shown[["island", "length", "sex"]].tolist() == ["Atlantis", "(missing)", "(missing)"]
