import numpy as np
import numpy.typing as npt
import pytest

from ml.metrics import Task
from ml.splits import FoldLacksClass, FoldsExceedGroups, FoldsExceedRows, folds_of, grouped_folds

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


@pytest.mark.parametrize("labels", [LABELS, LABELS.astype(object)])
def test_more_folds_than_rows_of_the_rarest_class_are_refused_by_its_name(labels: npt.NDArray[np.generic]) -> None:
    with pytest.raises(FoldsExceedRows, match="6 rows of the class 'c'"):
        folds_of(labels, "classification", 7, seed=1)


def test_a_class_of_one_row_can_be_in_no_fold() -> None:
    with pytest.raises(FoldsExceedRows, match="Get more rows, or leave that class out"):
        folds_of(np.array([0, 0, 0, 1]), "classification", 2, seed=1)


CHANCE = np.random.default_rng(3)
PATIENTS = np.arange(400) % 50
OF_SIZES = np.repeat(np.arange(60), CHANCE.integers(1, 14, 60))


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("groups", [PATIENTS, OF_SIZES], ids=["alike", "of many sizes"])
def test_rows_of_one_group_are_never_on_both_sides(task: Task, groups: npt.NDArray[np.intp]) -> None:
    target = CHANCE.integers(0, 2, len(groups)) if task == "classification" else CHANCE.normal(size=len(groups))
    splits = grouped_folds(target, groups, task, 5, seed=1)
    assert sorted(np.concatenate([split.test for split in splits])) == list(range(len(groups)))
    for split in splits:
        assert sorted([*split.train, *split.test]) == list(range(len(groups)))
        assert not set(groups[split.train]) & set(groups[split.test])
        assert len(split.test) == pytest.approx(len(groups) / 5, rel=0.12)


def test_groups_keep_the_share_of_every_class_as_far_as_they_can() -> None:
    # A shuffle that forgets which group is which, as scikit-learn 1.4's own does, deals out these by chance.
    classes = (PATIENTS < 10).astype(int)
    for split in grouped_folds(classes, PATIENTS, "classification", 5, seed=1):
        assert np.bincount(classes[split.test]).tolist() == [64, 16]


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_the_seed_deals_out_groups_that_are_alike(task: Task) -> None:
    target = np.arange(400) % 8 // 4
    first, same, other = (grouped_folds(target, PATIENTS, task, 5, seed)[0].test for seed in (1, 1, 2))
    assert list(first) == list(same)
    assert list(first) != list(other)


def test_a_group_of_nearly_all_rows_has_a_fold_of_its_own() -> None:
    groups = np.where(np.arange(100) < 90, 0, np.arange(100))
    splits = grouped_folds(np.arange(100.0), groups, "regression", 3, seed=1)
    assert sorted(len(split.test) for split in splits) == [5, 5, 90]


@pytest.mark.parametrize("groups", [1, 2])
def test_fewer_groups_than_folds_are_refused(groups: int) -> None:
    with pytest.raises(FoldsExceedGroups, match=f"10 folds need 10 groups.*there (is|are) {groups} group") as refused:
        grouped_folds(LABELS, np.arange(48) % groups, "classification", 10, seed=1)
    assert (refused.value.folds, refused.value.groups) == (10, groups)


@pytest.mark.parametrize("labels", [LABELS, LABELS.astype(object)])
def test_a_class_that_whole_groups_keep_from_a_fold_is_refused_by_its_name(labels: npt.NDArray[np.generic]) -> None:
    groups = np.where(LABELS == "c", 0, np.arange(48))
    with pytest.raises(FoldLacksClass, match="no row of the class 'c', whose rows are all in 1 group") as refused:
        grouped_folds(labels, groups, "classification", 3, seed=1)
    assert (refused.value.label, refused.value.groups) == ("c", 1)


def test_more_folds_than_rows_of_the_rarest_class_are_refused_with_groups_too() -> None:
    with pytest.raises(FoldsExceedRows, match="6 rows of the class 'c'"):
        grouped_folds(LABELS, np.arange(48), "classification", 7, seed=1)
