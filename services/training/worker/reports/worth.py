"""What a winner will score on new data: it was chosen for its score on these folds, which so is a little too good."""

from collections.abc import Sequence
from math import sqrt
from pathlib import Path
from statistics import fmean

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from contracts.training import Plan
from ml.answers import answers_in
from ml.comparisons import expected_of_values
from ml.metrics import greater_is_better
from ml.row_scores import Numbers, row_scores
from ml.sampling import some_rows
from services.training.worker.reports.papers import Papers

_MOST_ROWS = 20_000
_DRAWS = 500


def worth_of(plan: Plan, papers: Papers) -> pd.DataFrame:
    """Return the winner's score twice: on the folds that chose it, and as it is to be expected on new data.

    The latter is BBC-CV's (see ``ml.comparisons.winner``) over the candidates that have raced every fold. Its interval
    is widened as that of a mean over folds that share training rows, by the root of Nadeau and Bengio's factor.

    Returns:
        One row: ``metric``, ``on_these_folds``, ``on_new_data``, ``low`` and ``high`` (the 95 % interval of the
        latter), ``candidates``, ``rows`` and ``draws``; no row if a fold of the winner has no such score.
    """
    sign = 1 if greater_is_better(plan.metric) else -1
    own = _row_scores(plan, [fold.predictions for fold in papers.folds])
    if own is None:
        return pd.DataFrame()
    rivals = [_row_scores(plan, files) for files in papers.rivals]
    every = [own, *(found for found in rivals if found is not None)]
    values = sign * np.column_stack(every)
    values = values[some_rows(len(values), _MOST_ROWS, plan.seed)]
    expected = expected_of_values(values, seed=plan.seed, draws=_DRAWS)
    wider = sqrt(1 + len(papers.folds) / (plan.folds - 1))
    ends = [expected.on_new_rows + wider * (end - expected.on_new_rows) for end in (expected.low, expected.high)]
    low, high = sorted(sign * end for end in ends)
    return pd.DataFrame(
        {
            "metric": [plan.metric],
            "on_these_folds": fmean(score for fold in papers.folds if (score := fold.scores[plan.metric]) is not None),
            "on_new_data": sign * expected.on_new_rows,
            "low": low,
            "high": high,
            "candidates": len(every),
            "rows": len(values),
            "draws": expected.draws,
        }
    )


def _row_scores(plan: Plan, files: Sequence[Path]) -> Numbers | None:
    """Return a candidate's row scores in the order of the rows; None if a fold has none."""
    tables = [pq.read_table(file).sort_by("row") for file in files]
    found = [row_scores(plan.metric, answers_in(table, plan.task)) for table in tables]
    if any(scores is None for scores in found):
        return None
    return np.concatenate([scores for scores in found if scores is not None])
