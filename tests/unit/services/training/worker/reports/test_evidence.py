from pathlib import Path

import pytest

from services.training.worker.reports.evidence import means_of, scores_of
from services.training.worker.reports.papers import Fold


def a_fold(number: int, **scores: float | None) -> Fold:
    return Fold(number, Path("anywhere"), scores, seconds=1.0)


FOLDS = [a_fold(0, MAE=1.0, AUC=None), a_fold(1, MAE=2.0, AUC=0.5), a_fold(2, MAE=6.0, AUC=None)]


def test_scores_come_metric_by_metric_in_the_order_of_the_race() -> None:
    table = scores_of(FOLDS)
    assert table["metric"].tolist() == ["MAE"] * 3 + ["AUC"] * 3
    assert table["fold"].tolist() == [0, 1, 2] * 2
    assert table["score"].isna().tolist() == [False] * 3 + [True, False, True]


def test_means_are_of_the_folds_that_have_a_score_and_few_have_no_interval() -> None:
    table = means_of(scores_of(FOLDS), of=5)
    assert table["metric"].tolist() == ["MAE", "AUC"]
    assert table["mean"].tolist() == pytest.approx([3.0, 0.5])
    assert table["low"].isna().tolist() == [False, True]


def test_a_metric_that_no_fold_has_is_left_out() -> None:
    assert means_of(scores_of([a_fold(0, AUC=None)]), of=3).empty
