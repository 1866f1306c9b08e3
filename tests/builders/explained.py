"""Fitted pipelines of a few folds of a small race, of the engine of scikit-learn."""

from collections.abc import Sequence

from ml.engines.port import Problem
from ml.engines.sklearn import ENGINE
from ml.explain.folds import FoldModel, fold_models


def models_of(problem: Problem, candidate: str, folds: Sequence[int] = (0, 1, 2), of: int = 3) -> list[FoldModel]:
    """Return the fold models of a candidate."""
    return list(fold_models(ENGINE, problem, candidate, folds, of))
