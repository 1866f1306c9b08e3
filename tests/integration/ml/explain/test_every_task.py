"""What explanations promise of every engine's pipelines, in every task."""

from typing import Any

import numpy as np
import pytest

from ml.engines.port import Engine, Problem
from ml.explain.dependence import dependence_tables
from ml.explain.folds import columns_of, fold_models, with_shadows
from ml.explain.importance import importance_table, permutation_importances, shapley_importances
from ml.explain.outputs import outputs_of
from ml.explain.shapley import explain_row
from ml.metrics import default_metric
from tests.builders.problems import a_classification, a_regression
from tests.builders.unlabelled import a_grouped, a_series

PROBLEMS: dict[str, Problem] = {
    "two classes": a_classification(rows=120),
    "three classes": a_classification(("a", "b", "c")),
    "truth values": a_classification((False, True), rows=120),
    "seven classes": a_classification(tuple("abcdefg"), rows=120),
    "numbers": a_regression(120),
    "groups": a_grouped("clustering"),
    "unusual rows": a_grouped("anomaly_detection"),
    "a series": a_series(),
}
ASKED = {
    "sklearn": {
        "two classes": "forest",
        "three classes": "logistic",
        "truth values": "ridge",
        "seven classes": "bayes",
        "numbers": "boosting",
        "groups": "mixture",
        "unusual rows": "neighbors",
        "a series": "ridge",
    },
    "pycaret": {
        "two classes": "lr",
        "three classes": "lightgbm",
        "truth values": "ridge",
        "seven classes": "nb",
        "numbers": "et",
        "groups": "kmeans",
        "unusual rows": "iforest",
        "a series": "lr_cds_dt",
    },
}
TELLING = {"length", "age in years", "width", "height", "kind", "push"}
SILENT = {"always", "never"}


@pytest.fixture(params=PROBLEMS)
def asked(request: pytest.FixtureRequest, engine_name: str) -> tuple[Problem, str]:
    return PROBLEMS[request.param], ASKED[engine_name][request.param]


def test_a_fold_s_own_rows_are_scored_as_in_the_race_by_every_metric(
    an_engine: Engine, asked: tuple[Problem, str]
) -> None:
    problem, candidate = asked
    session = an_engine.prepare(problem)
    split = session.folds(3)[1]
    expected = session.fit(candidate, split.train, split.test).scores
    (model,) = fold_models(an_engine, problem, candidate, (1,), 3)
    # PyCaret makes numbers half as wide in a race as in a prediction.
    assert model.score(model.rows) == pytest.approx(expected, rel=1e-5, abs=1e-9)


def test_a_column_that_tells_is_above_what_chance_gives_and_an_empty_one_is_not(
    an_engine: Engine, asked: tuple[Problem, str]
) -> None:
    problem, candidate = asked
    if problem is PROBLEMS["seven classes"]:
        return  # too few rows of each for any column to be surely better than chance
    classes = len(np.unique(problem.target)) if problem.task == "classification" else None
    metric = default_metric(problem.task, classes)
    columns = [name for name in columns_of(problem) if name in TELLING | SILENT]
    found = permutation_importances(fold_models(an_engine, problem, candidate, (0, 1), 3), columns, metric, repeats=2)
    beside, shadows = with_shadows(problem, 3)
    chance = permutation_importances(fold_models(an_engine, beside, candidate, (0, 1), 3), shadows, metric, repeats=2)
    table = importance_table(found, 3, chance)
    assert table["feature"].iloc[0] in TELLING
    above = set(table.loc[table["above_noise"], "feature"])
    assert above & TELLING
    assert not above & SILENT


def test_columns_move_the_outputs_of_each_fold(an_engine: Engine, asked: tuple[Problem, str]) -> None:
    problem, candidate = asked
    models = fold_models(an_engine, problem, candidate, (0,), 3)
    found = shapley_importances(models, columns_of(problem), rows=2, most_rows=200)
    assert found["feature"].tolist() == list(columns_of(problem))
    assert found.loc[found["feature"].isin(TELLING), "importance"].max() > 0
    assert found.loc[found["feature"].isin(SILENT), "importance"].eq(0).all()


def test_any_row_is_explained_to_its_last_digit_and_every_column_has_its_lines(
    an_engine: Engine, asked: tuple[Problem, str]
) -> None:
    problem, candidate = asked
    if problem.task == "time_series":
        return  # the moments of its rows are past: ml.explain.forecasts says what a forecast rests on
    fitted: Any = an_engine.prepare(problem).refit(candidate)
    outputs = outputs_of(problem.task, fitted)
    row = problem.features.iloc[[17]]
    found = explain_row(outputs, row, problem.features, most_rows=1000)
    sums = found.contributions.groupby("output")["contribution"].sum().reindex(found.outputs["output"])
    assert sums.to_numpy() == pytest.approx((found.outputs["prediction"] - found.outputs["base"]).to_numpy(), abs=1e-6)
    places = [outputs.names.index(name) for name in found.outputs["output"]]
    assert found.outputs["prediction"].to_numpy() == pytest.approx(outputs.of(row)[0][places])
    assert len(found.outputs) == min(len(outputs.names), 5)
    some = list(problem.types)[::2]
    lines = dependence_tables(outputs, problem.features, some, most_rows=30)["partial_dependence"]
    assert set(lines["feature"]) == set(some)
    assert lines["mean"].notna().all()
