from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom, norm
from statsmodels.stats.multitest import multipletests

from ml.report.evidence import Evidence
from ml.report.slices import error_rates, error_sizes, slices_of
from tests.builders.evidence import evidence_of
from tests.builders.problems import a_classification, a_regression

RANDOM = np.random.default_rng(6)


def judged(features: pd.DataFrame, wrong: Any) -> Evidence:
    predictions = pd.DataFrame({"row": features.index, "truth": "a", "prediction": np.where(wrong, "b", "a")})
    return Evidence(predictions, features, ("a", "b"))


def test_each_feature_divides_the_rows_and_each_row_is_in_one_slice_of_it() -> None:
    features = a_classification().features
    counts = {name: np.zeros(len(features)) for name in features}
    for part in slices_of(features):
        counts[part.feature] += part.inside
    assert all((count == 1).all() for count in counts.values())


def test_moments_and_numbers_are_ranges_and_the_rarer_categories_are_one() -> None:
    frame = pd.DataFrame(
        {
            "day": [date(2020, 1, 1 + n % 20) for n in range(100)],
            "code": [f"c{n % 25}" for n in range(100)],
            "flag": [True, False] * 50,
        }
    )
    parts = list(slices_of(frame))
    assert [part.name for part in parts if part.feature == "day"][:2] == [
        "2020-01-01 to 2020-01-04",
        "2020-01-05 to 2020-01-08",
    ]
    assert [part.kind for part in parts if part.feature == "code"] == ["category"] * 10 + ["other"]
    assert [part.name for part in parts if part.feature == "flag"] == ["True", "False"]


def test_a_category_that_is_called_missing_is_told_from_what_is_missing() -> None:
    parts = list(slices_of(pd.DataFrame({"x": ["(missing)", "a", None]})))
    assert sorted((part.name, part.kind) for part in parts) == [
        ("(missing)", "category"),
        ("(missing)", "missing"),
        ("a", "category"),
    ]


def test_the_slice_where_a_model_fails_comes_first_and_is_no_chance() -> None:
    features = pd.DataFrame({"shop": RANDOM.choice(list("uvw"), 900), "age": RANDOM.normal(size=900)})
    table = error_rates(judged(features, RANDOM.random(900) < np.where(features["shop"] == "v", 0.4, 0.1)))
    worst = table.iloc[0]
    assert (worst["feature"], worst["slice"]) == ("shop", "v")
    assert worst["p_value"] < 1e-6
    assert worst["low"] < worst["error_rate"] < worst["high"]
    assert table.query("feature == 'shop'")["share_of_errors"].sum() == pytest.approx(1)
    assert table.query("feature == 'age'")["p_value"].min() > 0.05


def test_where_no_slice_differs_one_stands_out_in_one_of_twenty_reports() -> None:
    random, stood_out = np.random.default_rng(9), 0
    for _ in range(200):
        features = pd.DataFrame({f"x{n}": random.choice(list("uvwxyz"), 600) for n in range(3)})
        stood_out += error_rates(judged(features, random.random(600) < 0.2))["p_value"].min() < 0.05
    assert stood_out <= 20


def test_a_slice_is_compared_with_one_that_is_drawn_by_lot() -> None:
    features = pd.DataFrame({"shop": ["u"] * 60 + ["v"] * 40})
    table = error_rates(judged(features, np.arange(100) % 60 < 15))
    wrong = hypergeom(100, 30, 60)
    by_lot = 2 * norm.sf((wrong.mean() - 15) / wrong.std())
    assert table["p_value"].tolist() == pytest.approx([2 * by_lot] * 2)


def test_small_slices_are_marked_and_not_tested() -> None:
    features = pd.DataFrame({"shop": ["u"] * 29 + ["v"] * 171})
    table = error_rates(judged(features, np.arange(200) < 29)).set_index("slice")
    assert table["small"].to_dict() == {"u": True, "v": False}
    assert np.isnan(table.loc["u", "p_value"])


def test_several_slices_are_corrected_as_statsmodels_does() -> None:
    features = pd.DataFrame({"a": RANDOM.choice(list("uv"), 400), "b": RANDOM.choice(list("xyz"), 400)})
    wrong = RANDOM.random(400) < np.where(features["a"] == "u", 0.25, 0.15)
    table = error_rates(judged(features, wrong))
    alone = pd.concat(
        [
            error_rates(judged(features[[name]].assign(**{name: features[name] == value}), wrong))
            for name in features
            for value in features[name].unique()
        ]
    )
    # Of two slices both have the same test, and Holm doubles the smaller.
    raw = {rows: p / 2 for rows, p in alone.groupby("rows")["p_value"].first().items()}
    expected = multipletests(table["rows"].map(raw), method="holm")[1]
    assert table["p_value"].to_numpy() == pytest.approx(expected)


def test_a_model_without_errors_has_no_worst_slice() -> None:
    table = error_rates(judged(pd.DataFrame({"shop": ["u", "v"] * 50}), np.zeros(100, dtype=bool)))
    assert table["error_rate"].tolist() == [0, 0]
    assert table["p_value"].tolist() == [1, 1]
    assert table["share_of_errors"].isna().all()


def test_errors_of_numbers_are_shared_out_among_the_slices() -> None:
    evidence = evidence_of(a_regression(), "forest")
    table = error_sizes(evidence)
    residual = evidence.predictions["truth"] - evidence.predictions["prediction"]
    assert table["share_of_rows"].groupby(table["feature"]).sum().to_numpy() == pytest.approx(1)
    assert table["share_of_squared_error"].groupby(table["feature"]).sum().to_numpy() == pytest.approx(1)
    biscoe = table.query("feature == 'island' and slice == 'Biscoe'").iloc[0]
    inside = residual[(evidence.features["island"].loc[evidence.predictions["row"]] == "Biscoe").to_numpy()]
    assert biscoe["mean_absolute_error"] == pytest.approx(inside.abs().mean())
    assert biscoe["root_mean_squared_error"] == pytest.approx(np.sqrt((inside**2).mean()))
    assert biscoe["bias"] == pytest.approx(inside.mean())
    assert biscoe["low"] < biscoe["mean_absolute_error"] < biscoe["high"]


def test_rows_are_found_by_their_index_not_by_their_position() -> None:
    features = pd.DataFrame({"shop": ["u"] * 40 + ["v"] * 40}, index=range(1000, 1080))
    evidence = judged(features, features["shop"] == "v")
    shuffled = Evidence(evidence.predictions.sample(frac=1, random_state=1), features, evidence.classes)
    table = error_rates(shuffled).set_index("slice")
    assert table["error_rate"].to_dict() == {"v": 1, "u": 0}
