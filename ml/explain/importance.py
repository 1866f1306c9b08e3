"""Which columns a candidate needs: what its folds' pipelines lose without them, against what chance gives."""

from collections.abc import Iterable, Sequence
from math import nan
from statistics import fmean

import numpy as np
import pandas as pd

from ml.explain.folds import FoldModel
from ml.explain.shapley import explain_row
from ml.metrics import greater_is_better
from ml.report.intervals import over_folds
from ml.sampling import some_rows

_LINE = 0.95


class ScoreUndefined(ValueError):
    """A fold's rows have no such score, such as an AUC where only one class is."""

    def __init__(self, metric: str, fold: int) -> None:
        self.metric = metric
        self.fold = fold
        super().__init__(f"The rows of fold {fold} have no {metric}, so nothing can be lost of it. Choose another.")


def permutation_importances(
    models: Iterable[FoldModel], columns: Sequence[str], metric: str, repeats: int = 5, seed: int = 0
) -> pd.DataFrame:
    """Return ``fold``, ``feature`` and ``importance``: how much worse a fold's score is with the column shuffled.

    It is measured on rows kept out (Breiman, 2001; Fisher, Rudin, Dominici, 2019) and in units of the metric, above 0
    if the column helps. Of columns that say the same each looks unimportant, as the others stay. The pipelines are
    asked folds x columns x repeats times for at most 1,000 rows. The importance is missing where the shuffled rows have
    no score, such as when a clustering finds a single group in them.

    Raises:
        ScoreUndefined: if a fold has no such score.
    """
    lines = [line for model in models for line in _lost(model, columns, metric, repeats, seed)]
    return pd.DataFrame(lines, columns=["fold", "feature", "importance"])


def shapley_importances(
    models: Iterable[FoldModel], columns: Sequence[str], rows: int = 20, seed: int = 0, most_rows: int = 2000
) -> pd.DataFrame:
    """Return ``fold``, ``feature`` and ``importance``: how far the column moves a fold's outputs, whichever way.

    It is the mean of Shapley's values without their sign, over some rows kept out (Lundberg and Lee, 2017) and over the
    outputs; the background is the rows kept out. Unlike what permutation tells, it says what the pipeline does, whether
    that is right or wrong. The pipelines are asked at most folds x ``rows`` x ``most_rows`` rows.
    """
    lines = []
    for model in models:
        values = [
            explain_row(
                model.outputs, model.rows.iloc[[row]], model.rows, columns=columns, seed=seed, most_rows=most_rows
            )
            for row in some_rows(len(model.rows), rows, seed)
        ]
        every = pd.concat([value.contributions for value in values])
        found = every["contribution"].abs().groupby(every["feature"]).mean()
        lines += [(model.fold, name, float(found[name])) for name in columns]
    return pd.DataFrame(lines, columns=["fold", "feature", "importance"])


def importance_table(importances: pd.DataFrame, of: int, shadows: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return how important each column is, the most important first.

    Args:
        importances: by fold, as the functions above give them.
        of: how many folds the race has, of which some may have been asked.
        shadows: those of shuffled copies, of the same function on pipelines that were fitted with the copies beside.

    Returns:
        ``feature``, ``importance`` (mean over folds), ``low`` and ``high`` (its interval over folds), ``noise`` (below
        which 95 of 100 importances of a shuffled copy on a fold lie, and at least 0; missing without ``shadows``), and
        ``above_noise``, whether the mean is above it. A mean varies less than a single fold, so few columns that say
        nothing are above (0 to 10 of 100 in trials); of many such columns some will be.
    """
    by_fold = importances.pivot(index="fold", columns="feature", values="importance")
    table = over_folds(by_fold.to_numpy(), of).rename(columns={"mean": "importance"})
    table.insert(0, "feature", np.array(by_fold.columns, dtype=object))
    # Copies that do harm would draw the line below what a column reaches that is never looked at.
    line = nan if shadows is None or shadows.empty else max(float(shadows["importance"].quantile(_LINE)), 0.0)
    table["noise"] = line
    table["above_noise"] = table["importance"] > table["noise"]
    return table.sort_values("importance", ascending=False, kind="stable", ignore_index=True)


def _lost(
    model: FoldModel, columns: Sequence[str], metric: str, repeats: int, seed: int
) -> Iterable[tuple[int, str, float]]:
    sign = 1 if greater_is_better(metric) else -1
    whole = model.score(model.rows)[metric]
    if whole is None:
        raise ScoreUndefined(metric, model.fold)
    random = np.random.default_rng([seed, model.fold])
    for name in columns:
        found = [model.score(_shuffled(model.rows, name, random))[metric] for _ in range(repeats)]
        known = [score for score in found if score is not None]
        yield model.fold, name, sign * (whole - fmean(known)) if known else nan


def _shuffled(rows: pd.DataFrame, name: str, random: np.random.Generator) -> pd.DataFrame:
    return rows.assign(**{name: rows[name].iloc[random.permutation(len(rows))].set_axis(rows.index)})
