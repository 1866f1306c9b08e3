from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.inspection import permutation_importance
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score

from ml.explain.folds import FoldModel, columns_of, with_shadows
from ml.explain.importance import (
    ScoreUndefined,
    importance_table,
    permutation_importances,
    shapley_importances,
)
from ml.explain.outputs import Outputs
from ml.statistics import estimate
from tests.builders.problems import a_classification
from tests.builders.unlabelled import a_series

RANDOM = np.random.default_rng(4)


def a_linear_model(rows: int = 2000) -> tuple[Any, FoldModel, pd.Series]:
    """Return scikit-learn's model, the same as a fold's, and what is true."""
    frame = pd.DataFrame({name: RANDOM.normal(size=rows) for name in "abc"})
    truth = 3 * frame["a"] - frame["b"] + RANDOM.normal(size=rows)
    fitted = LinearRegression().fit(frame, truth)
    outputs = Outputs(("prediction",), "prediction", lambda shown: fitted.predict(shown)[:, None])
    return fitted, FoldModel(0, frame, outputs, lambda shown: {"R2": r2_score(truth, fitted.predict(shown))}), truth


def test_importances_are_those_of_scikit_learn() -> None:
    fitted, model, truth = a_linear_model()
    theirs = permutation_importance(fitted, model.rows, truth, n_repeats=20, random_state=1, scoring="r2")
    found = permutation_importances([model], list("abc"), "R2", repeats=20)
    assert found["importance"].to_numpy() == pytest.approx(
        theirs.importances_mean, abs=4 * theirs.importances_std.max()
    )
    assert found["importance"].iloc[0] == pytest.approx(2 * 9 / truth.var(), rel=0.1)


def test_what_helps_is_above_zero_whichever_way_the_metric_is_better() -> None:
    _fitted, model, _truth = a_linear_model()
    loss = replace(model, score=lambda shown: {"RMSE": 1 - (model.score(shown)["R2"] or 0)})
    by_loss = permutation_importances([loss], ["a"], "RMSE")
    assert by_loss["importance"].to_numpy() == pytest.approx(
        permutation_importances([model], ["a"], "R2")["importance"].to_numpy()
    )
    assert by_loss["importance"].iloc[0] > 1


def test_a_column_moves_the_outputs_of_a_linear_model_by_its_weight_times_its_distance_from_the_mean() -> None:
    fitted, model, _truth = a_linear_model(100)
    found = shapley_importances([model], list("abc"), rows=100, most_rows=10**4)
    expected = [
        np.abs(weight * (model.rows[name] - model.rows[name].mean())).mean()
        for weight, name in zip(fitted.coef_, "abc", strict=True)
    ]
    assert found["importance"].to_numpy() == pytest.approx(expected)


def test_intervals_are_over_folds_and_the_most_important_comes_first() -> None:
    by_fold = pd.DataFrame(
        {"fold": [0, 1, 2] * 2, "feature": ["x"] * 3 + ["y"] * 3, "importance": [0.1, 0.0, 0.2, 1, 2, 3]}
    )
    table = importance_table(by_fold, 10)
    assert table["feature"].tolist() == ["y", "x"]
    expected = estimate([1, 2, 3], 10)
    assert table.loc[0, ["importance", "low", "high"]].tolist() == pytest.approx(
        [expected.mean, expected.low, expected.high]
    )
    assert table["noise"].isna().all()
    assert not table["above_noise"].any()


def test_the_line_is_what_95_of_100_shuffled_copies_stay_below() -> None:
    by_fold = pd.DataFrame({"fold": [0, 0], "feature": ["x", "y"], "importance": [0.5, 0.05]})
    shadows = pd.DataFrame({"importance": np.linspace(-0.1, 0.1, 101)})
    table = importance_table(by_fold, 3, shadows)
    assert table["noise"].tolist() == pytest.approx([0.09, 0.09])
    assert table["above_noise"].tolist() == [True, False]


def test_a_column_that_is_never_looked_at_is_not_above_copies_that_do_harm() -> None:
    by_fold = pd.DataFrame({"fold": [0], "feature": ["never"], "importance": [0.0]})
    table = importance_table(by_fold, 3, pd.DataFrame({"importance": [-0.2, -0.1]}))
    assert table["noise"].tolist() == [0]
    assert table["above_noise"].tolist() == [False]


def test_shadows_have_their_column_s_values_in_another_order_and_no_moments() -> None:
    problem, shadows = with_shadows(a_series())
    assert len(shadows) == 2
    assert columns_of(problem) == ("push", "shop", *shadows)
    assert sorted(problem.types[name] for name in shadows) == ["float", "string"]
    number = next(name for name in shadows if problem.types[name] == "float")
    assert sorted(problem.features[number]) == sorted(problem.features["push"])
    assert problem.features[number].tolist() != problem.features["push"].tolist()
    many, ten = with_shadows(a_classification())
    assert len(ten) == 10
    assert list(many.types) == [*a_classification().types, *ten]


def test_a_fold_without_such_a_score_says_so() -> None:
    _fitted, model, _truth = a_linear_model(10)
    with pytest.raises(ScoreUndefined, match="fold 0 have no AUC"):
        permutation_importances([replace(model, score=lambda _shown: {"AUC": None})], ["a"], "AUC")


def test_the_same_seed_gives_the_same_importances() -> None:
    _fitted, model, _truth = a_linear_model(50)
    first, again, other = (permutation_importances([model], list("abc"), "R2", seed=seed) for seed in (1, 1, 2))
    assert first.equals(again)
    assert not first.equals(other)
