from dataclasses import replace

import pandas as pd

from contracts.ingest import LogicalType
from ml.engines.sklearn import ENGINE
from ml.explain import explanation_tables
from tests.builders.problems import a_regression
from tests.builders.unlabelled import a_series


def test_a_candidate_is_explained_by_every_table_and_says_what_they_rest_on() -> None:
    whole = a_regression(120)
    types: dict[str, LogicalType] = {"island": "string", "length": "float", "visits": "integer"}
    problem = replace(whole, features=whole.features[list(types)], types=types)
    tables = explanation_tables(ENGINE, problem, "ridge", "MAE", range(4), 4)
    assert list(tables) == ["importance", "influence", "partial_dependence", "individual_lines"]
    importance = tables["importance"]
    assert importance.attrs == {"metric": "MAE", "folds": [0, 1, 2, 3], "rows_of_a_fold": 1000, "shadows": 3}
    assert importance["feature"].iloc[0] == "length"
    assert importance["above_noise"].iloc[0]
    assert tables["influence"]["feature"].iloc[0] == "length"
    assert tables["partial_dependence"]["feature"].unique().tolist() == importance["feature"].head(10).tolist()
    again = explanation_tables(ENGINE, problem, "ridge", "MAE", range(4), 4)
    for name, table in tables.items():
        pd.testing.assert_frame_equal(again[name], table)


def test_a_series_alone_has_no_columns_to_explain_it_by() -> None:
    tables = explanation_tables(ENGINE, a_series(alone=True), "seasonal", "MASE", (0, 1, 2), 3)
    assert [len(table) for table in tables.values()] == [0, 0, 0, 0]


def test_a_series_rests_on_the_columns_that_move_it() -> None:
    tables = explanation_tables(ENGINE, a_series(), "ridge", "MASE", (0, 1), 2)
    assert tables["importance"]["feature"].tolist() == ["push", "shop"]
    pushed = tables["partial_dependence"].query("feature == 'push'")
    assert pushed["mean"].is_monotonic_increasing
