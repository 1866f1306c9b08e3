from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from ml.report.curves import curve_tables, gain, precision_recall, roc
from ml.report.evidence import Evidence
from ml.scoring import Numbers
from ml.statistics import estimate
from tests.builders.evidence import evidence_of, ranked
from tests.builders.problems import a_classification

RANDOM = np.random.default_rng(3)
TRUTH = RANDOM.random(400) < 0.3
SCORES = np.round(np.clip(RANDOM.normal(0.4 + 0.2 * TRUTH, 0.2), 0, 1), 2)
FOLDS = np.arange(400) % 4


def by_fold(function: Any) -> list[float]:
    return [function(TRUTH[fold::4], SCORES[fold::4]) for fold in range(4)]


def test_the_points_of_a_fold_are_those_of_scikit_learn() -> None:
    tables = curve_tables(ranked(TRUTH, SCORES))
    false, true, thresholds = metrics.roc_curve(TRUTH, SCORES)
    found = tables["roc"][["threshold", "false_positive_rate", "true_positive_rate"]].to_numpy()
    assert found == pytest.approx(np.column_stack([thresholds, false, true]))
    precision, recall, thresholds = metrics.precision_recall_curve(TRUTH, SCORES)
    found = tables["precision_recall"][["threshold", "recall", "precision"]].to_numpy()[::-1]
    assert found == pytest.approx(np.column_stack([thresholds, recall[:-1], precision[:-1]]))


def test_areas_are_the_means_of_the_folds_with_their_interval() -> None:
    areas = curve_tables(ranked(TRUTH, SCORES, FOLDS))["areas"].set_index("curve")
    for curve, function in (("roc", metrics.roc_auc_score), ("precision_recall", metrics.average_precision_score)):
        expected = estimate(by_fold(function), 4)
        assert areas.loc[curve, ["mean", "low", "high"]].tolist() == pytest.approx(
            [expected.mean, expected.low, expected.high]
        )


def test_the_area_below_the_mean_curve_is_the_mean_of_the_areas() -> None:
    table = curve_tables(ranked(TRUTH, SCORES, FOLDS))["roc_mean"]
    area = metrics.auc(table["false_positive_rate"], table["true_positive_rate"])
    assert area == pytest.approx(np.mean(by_fold(metrics.roc_auc_score)), abs=0.005)
    assert (table["low"] <= table["true_positive_rate"]).all()
    assert table["high"].max() <= 1


def test_precision_is_that_of_the_first_threshold_that_reaches_the_recall() -> None:
    table = curve_tables(ranked([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1]))["precision_recall_mean"].set_index("recall")
    assert table["precision"].loc[[0.0, 0.5, 1.0]].tolist() == pytest.approx([1, 1, 2 / 3])
    assert table["precision"].iloc[51] == pytest.approx(2 / 3)


def test_rows_of_one_score_come_together_whatever_their_order() -> None:
    truth, scores = np.array([1, 0, 0, 1]), np.array([0.5, 0.5, 0.5, 0.9])
    found = gain(truth, scores)
    assert found[["share", "gain"]].to_numpy().tolist() == [[0, 0], [0.25, 0.5], [1, 1]]
    assert gain(truth[::-1], scores[::-1]).equals(found)


def test_the_lift_of_everything_is_one_and_of_a_perfect_ranking_what_the_class_is_rare() -> None:
    truth = np.arange(100) < 20
    table = curve_tables(ranked(truth, np.linspace(1, 0, 100)))["gain_mean"].set_index("share")
    assert table["lift"].iloc[[20, 100]].tolist() == pytest.approx([5, 1])
    assert np.isnan(table["lift"].iloc[0])


def test_a_curve_of_many_points_is_thinned_and_keeps_its_ends() -> None:
    scores = np.random.default_rng(1).random(5000)
    table = curve_tables(ranked(np.random.default_rng(2).random(5000) < scores, scores))["precision_recall"]
    assert len(table) == 200
    assert table["threshold"].iloc[[0, -1]].tolist() == [scores.max(), scores.min()]


def test_a_fold_with_one_class_only_has_no_curve() -> None:
    evidence = ranked([1, 0, 1, 1], [0.9, 0.2, 0.8, 0.7], [0, 0, 1, 1])
    assert curve_tables(evidence)["roc"]["fold"].unique().tolist() == [0]


def test_with_more_classes_each_is_ranked_against_the_rest() -> None:
    evidence = evidence_of(a_classification(("a", "b", "c")), "bayes")
    areas = curve_tables(evidence)["areas"].query("curve == 'roc'")
    assert areas["class"].tolist() == ["a", "b", "c"]
    of_b = [
        metrics.roc_auc_score(part["truth"] == "b", part["probability_1"])
        for _fold, part in evidence.predictions.groupby("fold")
    ]
    assert areas["mean"].iloc[1] == pytest.approx(np.mean(of_b))


def test_a_decision_ranks_where_there_is_no_probability() -> None:
    evidence = evidence_of(a_classification(), "ridge")
    table = curve_tables(evidence)["areas"].set_index("curve")
    assert table.loc["roc", "class"] == "gentoo"
    assert table.loc["roc", "mean"] > 0.8


def test_without_a_ranking_there_are_no_curves() -> None:
    evidence = ranked([1, 0], [0.9, 0.1])
    bare = evidence.predictions.drop(columns=["probability_0", "probability_1"])
    assert curve_tables(Evidence(bare, evidence.features, evidence.classes)) == {}


@pytest.mark.parametrize("points", [roc, precision_recall, gain])
def test_points_begin_with_the_highest_threshold(points: Any) -> None:
    thresholds: Numbers = points(TRUTH, SCORES)["threshold"].to_numpy()
    assert (np.diff(thresholds[1:]) < 0).all()
