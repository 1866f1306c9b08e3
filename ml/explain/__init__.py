"""What a fitted pipeline rests on: which columns it needs, how its answers move with them, and why this one answer."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from ml.engines.port import Engine, Problem
from ml.explain.dependence import dependence_tables
from ml.explain.folds import FoldModel, columns_of, fold_models, with_shadows
from ml.explain.importance import importance_table, permutation_importances, shapley_importances
from ml.metrics import Task

_REPEATS = 5
_MOST_ASKED = 2_000_000
"""Rows that the pipelines are asked for the importances by permutation, as long as each fold has a hundred."""
_LEAST_ROWS, _MOST_ROWS = 100, 1000
_SHOWN = 10
_MOST_TOLD = 50
"""Columns whose influence is told apart."""


def explanation_tables(
    engine: Engine, problem: Problem, candidate: str, metric: str, folds: Sequence[int], of: int
) -> Mapping[str, pd.DataFrame]:
    """Return what a candidate rests on, by its pipelines of some of the race's ``of`` folds.

    They are fitted anew, and once more with shuffled columns beside: as dear as two fits of each fold, and some
    500,000 rows to answer for each at most.

    Returns:
        ``importance``: what a fold loses without a column, in units of ``metric``; ``influence``, how far a column
        moves a fold's answers by Shapley's values, of the 50 most important columns. See ``ml.explain.importance``.
        ``partial_dependence`` and ``individual_lines`` of the 10 most important columns, see ``ml.explain.dependence``,
        of the last of these folds.

    Raises:
        CandidateUnknown, CandidateFailed: if it cannot be fitted.
        ScoreUndefined: if a fold has no such score.
    """
    columns, seed = columns_of(problem), problem.seed
    rows = int(np.clip(_MOST_ASKED // (len(folds) * _REPEATS * max(len(columns), 1)), _LEAST_ROWS, _MOST_ROWS))
    models = list(fold_models(engine, problem, candidate, folds, of, rows))
    beside, shadows = with_shadows(problem)
    chance = list(fold_models(engine, beside, candidate, folds, of, rows))
    needed = importance_table(
        permutation_importances(models, columns, metric, _REPEATS, seed),
        of,
        permutation_importances(chance, shadows, metric, _REPEATS, seed),
    )
    ranked = needed["feature"].tolist()
    moving = importance_table(
        _influences(problem.task, models, ranked[:_MOST_TOLD], seed),
        of,
        _influences(problem.task, chance, shadows, seed),
    )
    needed.attrs |= {"metric": metric, "folds": list(folds), "rows_of_a_fold": rows, "shadows": len(shadows)}
    moving.attrs |= {"unit": models[0].outputs.unit, "folds": list(folds), "shadows": len(shadows)}
    return {
        "importance": needed,
        "influence": moving,
        **dependence_tables(models[-1].outputs, models[-1].rows, ranked[:_SHOWN], seed),
    }


def _influences(task: Task, models: Iterable[FoldModel], columns: Sequence[str], seed: int) -> pd.DataFrame:
    if task == "time_series":
        # Each forecast is asked for alone, which is dear.
        return shapley_importances(models, columns, rows=5, seed=seed, most_rows=200)
    return shapley_importances(models, columns, seed=seed)
