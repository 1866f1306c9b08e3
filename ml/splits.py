"""Which rows each fold trains on and is scored on: the same seed gives the same folds on any machine."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import KFold, StratifiedGroupKFold, StratifiedKFold

from ml.metrics import Task

Rows = npt.NDArray[np.intp]


class FoldsExceedRows(ValueError):
    """There are fewer rows than folds, or fewer of one class: some fold could not be scored."""

    def __init__(self, folds: int, rows: int, label: object | None = None) -> None:
        self.folds = folds
        self.rows = rows
        self.label = label
        what = f"{rows} rows" if label is None else f"{rows} rows of the class {label!r}"
        cure = f"Ask for at most {rows} folds" if rows > 1 else "Get more rows"
        also = "." if label is None else ", or leave that class out."
        super().__init__(f"{folds} folds need at least {folds} rows of each kind, but there are {what}. {cure}{also}")


class FoldsExceedGroups(ValueError):
    """There are fewer groups than folds: some fold could not be scored."""

    def __init__(self, folds: int, groups: int) -> None:
        self.folds = folds
        self.groups = groups
        cure = f"Ask for at most {groups} folds" if groups > 1 else "Group by another column"
        have = "there is 1 group" if groups == 1 else f"there are {groups} groups"
        super().__init__(f"{folds} folds need {folds} groups of rows with a known target, but {have}. {cure}.")


class FoldLacksClass(ValueError):
    """Whole groups go to a fold, and so one of them has no row of some class."""

    def __init__(self, fold: int, label: object, groups: int) -> None:
        self.fold = fold
        self.label = label
        self.groups = groups
        where = "are all in 1 group" if groups == 1 else f"are in {groups} groups"
        super().__init__(
            f"Fold {fold} would have no row of the class {label!r}, whose rows {where}, and a group is never divided. "
            "Ask for fewer folds, or leave that class out."
        )


@dataclass(frozen=True)
class Split:
    """One fold: positions of the rows to train on and of those kept out to score on."""

    train: Rows
    test: Rows


def folds_of(target: npt.NDArray[np.generic], task: Task, folds: int, seed: int) -> tuple[Split, ...]:
    """Return the folds of a race, shuffled by ``seed``, each with the same share of every class if there are any.

    Raises:
        FoldsExceedRows: if a fold would have no row, or none of some class.
    """
    if len(target) < folds:
        raise FoldsExceedRows(folds, len(target))
    if task != "classification":
        shuffled = KFold(folds, shuffle=True, random_state=seed).split(target)
    else:
        # Their places, since scikit-learn takes classes that are fractions for a regression.
        classes = _places_of_classes(target, folds)
        shuffled = StratifiedKFold(folds, shuffle=True, random_state=seed).split(target, classes)
    return tuple(Split(train, test) for train, test in shuffled)


def grouped_folds(
    target: npt.NDArray[np.generic], groups: Rows, task: Task, folds: int, seed: int
) -> tuple[Split, ...]:
    """Return the folds of a race in which the rows of one group are never on both sides.

    Folds have about as many rows, and about the same share of every class, as far as whole groups allow.

    Args:
        target: one value per row.
        groups: the number of each row's group.
        task: of classes each fold has some.
        folds: how many there are.
        seed: deals out groups that are alike.

    Raises:
        FoldsExceedGroups: if a fold would have no group.
        FoldsExceedRows, FoldLacksClass: if a fold would have no row of some class.
    """
    names, places = np.unique(groups, return_inverse=True)
    if len(names) < folds:
        raise FoldsExceedGroups(folds, len(names))
    # By numbers that the seed gives, since scikit-learn 1.4 forgets which group is which when it shuffles them itself.
    dealt = np.random.RandomState(seed).permutation(len(names))[places]
    if task != "classification":
        fold = _evenly(np.bincount(dealt), folds)[dealt]
        return tuple(Split(np.flatnonzero(fold != n), np.flatnonzero(fold == n)) for n in range(folds))
    classes = _places_of_classes(target, folds)
    splits = tuple(Split(*both) for both in StratifiedGroupKFold(folds).split(target, classes, dealt))
    _check_classes(splits, target, groups)
    return splits


def rolling_folds(order: Rows, folds: int, horizon: int) -> tuple[Split, ...]:
    """Return the folds of a time series: each trains on all that came before the ``horizon`` rows that it foretells.

    Args:
        order: the rows' positions, the earliest first.
        folds: how many there are; the last of them foretells the last rows.
        horizon: how many rows each foretells.

    Raises:
        FoldsExceedRows: if nothing would come before the first of them.
    """
    first = len(order) - folds * horizon
    if first < 1:
        raise FoldsExceedRows(folds, (len(order) - 1) // horizon)
    starts = range(first, len(order), horizon)
    return tuple(Split(order[:start], order[start : start + horizon]) for start in starts)


def _evenly(sizes: Rows, folds: int) -> Rows:
    """Return the fold of each group: the largest goes first, each to the fold with the fewest rows."""
    rows, fold = np.zeros(folds, dtype=np.intp), np.empty(len(sizes), dtype=np.intp)
    for group in np.argsort(-sizes, kind="stable"):
        fold[group] = rows.argmin()
        rows[fold[group]] += sizes[group]
    return fold


def _check_classes(splits: tuple[Split, ...], target: npt.NDArray[np.generic], groups: Rows) -> None:
    labels = np.unique(target)
    for number, split in enumerate(splits):
        lacking = np.setdiff1d(labels, target[split.test]).tolist()
        if lacking:
            raise FoldLacksClass(number, lacking[0], len(np.unique(groups[target == lacking[0]])))


def _places_of_classes(target: npt.NDArray[np.generic], folds: int) -> Rows:
    labels, places, counts = np.unique(target, return_inverse=True, return_counts=True)
    rarest = int(counts.argmin())
    if counts[rarest] < folds:
        raise FoldsExceedRows(folds, int(counts[rarest]), labels.tolist()[rarest])
    return places
