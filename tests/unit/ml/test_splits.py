import numpy as np
import pytest

from ml.metrics import Task
from ml.splits import FoldsExceedRows, folds_of

LABELS = np.array(["a"] * 30 + ["b"] * 12 + ["c"] * 6)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_every_row_is_kept_out_once_and_trained_on_otherwise(task: Task) -> None:
    splits = folds_of(LABELS if task == "classification" else np.arange(48), task, 5, seed=1)
    assert sorted(np.concatenate([split.test for split in splits])) == list(range(48))
    assert all(set(split.train) | set(split.test) == set(range(48)) for split in splits)
    assert all(not set(split.train) & set(split.test) for split in splits)


def test_each_fold_has_its_share_of_every_class() -> None:
    for split in folds_of(LABELS, "classification", 6, seed=1):
        _labels, counts = np.unique(LABELS[split.test], return_counts=True)
        assert list(counts) == [5, 2, 1]


def test_the_seed_decides_the_folds() -> None:
    first, same, other = (folds_of(LABELS, "classification", 3, seed)[0].test for seed in (1, 1, 2))
    assert list(first) == list(same)
    assert list(first) != list(other)


def test_more_folds_than_rows_are_refused() -> None:
    with pytest.raises(FoldsExceedRows, match="Ask for at most 3 folds") as refused:
        folds_of(np.arange(3), "regression", 4, seed=1)
    assert (refused.value.folds, refused.value.rows) == (4, 3)


def test_more_folds_than_rows_of_the_rarest_class_are_refused_by_its_name() -> None:
    with pytest.raises(FoldsExceedRows, match="6 rows of the class 'c'"):
        folds_of(LABELS, "classification", 7, seed=1)


def test_a_class_of_one_row_can_be_in_no_fold() -> None:
    with pytest.raises(FoldsExceedRows, match="Get more rows, or leave that class out"):
        folds_of(np.array([0, 0, 0, 1]), "classification", 2, seed=1)
