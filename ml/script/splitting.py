"""The part of a script that splits rows, as ``ml.splits`` does."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ml.metrics import Task


@dataclass(frozen=True)
class Splitting:
    """How the folds are made, as code."""

    folds: str
    """What gives them."""
    splitter: str | None
    """What of scikit-learn does it; None if nothing does."""
    functions: str = ""


_GROUPS = '''
def groups_of_the_race():
    """Return the number of each row's group, as the seed gives it out."""
    table = pq.read_table(HERE / "data.parquet", columns=[TARGET, GROUPS])
    table = table.filter(pc.invert(pc.is_null(table[TARGET], nan_is_null=True)))
    groups = pd.factorize(table[GROUPS].to_pandas())[0]
    return np.random.RandomState(SEED).permutation(groups.max() + 1)[groups]
'''

_EVENLY = '''
def folds_of_groups(groups):
    """Yield the folds: the largest group goes first, each to the fold with the fewest rows."""
    sizes = np.bincount(groups)
    rows, fold = np.zeros(FOLDS, dtype=int), np.empty(len(sizes), dtype=int)
    for group in np.argsort(-sizes, kind="stable"):
        fold[group] = rows.argmin()
        rows[fold[group]] += sizes[group]
    for number in range(FOLDS):
        yield np.flatnonzero(fold[groups] != number), np.flatnonzero(fold[groups] == number)
'''

_PLAIN: Mapping[Task, str] = MappingProxyType({"classification": "StratifiedKFold", "regression": "KFold"})


def splitting(task: Task, *, grouped: bool) -> Splitting:
    """Return how the folds of a task are made, by rows or by groups of them."""
    if not grouped:
        name = _PLAIN[task]
        return Splitting(f"{name}(FOLDS, shuffle=True, random_state=SEED).split(features, target)", name)
    if task == "regression":
        return Splitting("folds_of_groups(groups_of_the_race())", None, _GROUPS + "\n" + _EVENLY)
    name = "StratifiedGroupKFold"
    return Splitting(f"{name}(FOLDS).split(features, target, groups_of_the_race())", name, _GROUPS)
