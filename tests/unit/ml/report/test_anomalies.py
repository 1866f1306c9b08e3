import numpy as np
import pandas as pd
import pytest

from ml.report.anomalies import anomaly_tables
from ml.report.evidence import Evidence
from tests.builders.evidence import evidence_of
from tests.builders.unlabelled import a_grouped


def scored(scores: object, folds: object, **features: object) -> Evidence:
    predictions = pd.DataFrame({"score": scores, "fold": folds}).assign(prediction="normal")
    predictions["row"] = predictions.index
    return Evidence(predictions, pd.DataFrame(features, index=predictions.index))


def test_rows_are_ranked_within_their_fold_whose_scale_is_its_own() -> None:
    table = anomaly_tables(scored([1.0, 2, 3, 100, 900, 200], [0, 0, 0, 1, 1, 1], x=range(6)))["unusual_rows"]
    assert table["row"].tolist() == [4, 2, 5, 1, 3, 0]
    assert table["place"].tolist() == pytest.approx([2 / 3, 2 / 3, 1 / 3, 1 / 3, 0, 0])


def test_a_planted_row_comes_first_and_its_strange_value_before_its_usual_ones() -> None:
    problem = a_grouped("anomaly_detection")
    problem.features.loc[7, ["width", "kind"]] = [500.0, "never seen"]
    tables = anomaly_tables(evidence_of(problem, "neighbors"))
    first_of_each_fold = tables["unusual_rows"].head(3)
    assert 7 in first_of_each_fold["row"].tolist()
    assert sorted(first_of_each_fold["fold"]) == [0, 1, 2]
    values = tables["unusual_values"].query("row == 7")
    assert set(values["feature"].iloc[:2]) == {"width", "kind"}
    assert values["value"].tolist()[:2] in (["500", "never seen"], ["never seen", "500"])
    assert values["rarity"].iloc[:2].tolist() == pytest.approx([1 / 150, 1 / 150], rel=0.1)


def test_a_middle_value_is_in_no_way_rare_and_a_missing_one_as_rare_as_such_rows() -> None:
    values = anomaly_tables(scored(np.arange(5.0), 0, x=[1.0, 2, 3, 4, None]))["unusual_values"].set_index("row")
    assert values["rarity"].to_dict() == pytest.approx({4: 0.2, 3: 0.25, 2: 0.5, 1: 0.5, 0: 0.25})


def test_every_row_is_counted_in_the_distribution_and_each_fold_has_its_own() -> None:
    evidence = evidence_of(a_grouped("anomaly_detection"), "neighbors")
    tables = anomaly_tables(evidence)
    counted = tables["anomaly_scores"][["normal", "anomaly"]].sum()
    assert counted.to_dict() == evidence.predictions["prediction"].value_counts().to_dict()
    folds = tables["anomaly_folds"]
    assert folds["rows"].tolist() == [50, 50, 50]
    first = evidence.predictions.query("fold == 0")
    assert folds.loc[0, ["q50", "most"]].tolist() == [first["score"].median(), first["score"].max()]
    assert folds.loc[0, "flagged"] == (first["prediction"] == "anomaly").mean()
