import pytest

from ml.metrics import CLASSIFICATION, REGRESSION, MetricUnknown, default_metric, greater_is_better, metrics_of


def test_every_classification_metric_is_better_when_greater() -> None:
    assert all(greater_is_better(metric) for metric in CLASSIFICATION)


def test_only_r2_of_the_regression_metrics_is_better_when_greater() -> None:
    assert [metric for metric in REGRESSION if greater_is_better(metric)] == ["R2"]


def test_an_unknown_metric_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(MetricUnknown, match="Accuracy"):
        greater_is_better("auc")


def test_two_classes_are_ranked_by_auc_and_more_by_accuracy() -> None:
    assert default_metric("classification", 2) == "AUC"
    assert default_metric("classification", 3) == "Accuracy"
    assert default_metric("regression") == "R2"


def test_the_default_metric_is_one_that_the_task_has() -> None:
    assert default_metric("classification", 5) in metrics_of("classification")
    assert default_metric("regression") in metrics_of("regression")
