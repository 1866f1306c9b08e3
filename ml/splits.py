"""Which rows each fold trains on and is scored on: the same seed gives the same folds on any machine."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import KFold, StratifiedKFold

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


def _places_of_classes(target: npt.NDArray[np.generic], folds: int) -> Rows:
    labels, places, counts = np.unique(target, return_inverse=True, return_counts=True)
    rarest = int(counts.argmin())
    if counts[rarest] < folds:
        raise FoldsExceedRows(folds, int(counts[rarest]), labels[rarest].item())
    return places
