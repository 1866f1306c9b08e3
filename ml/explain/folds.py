"""The fitted pipelines of a race's folds, each with rows that it was not taught, and with columns that say nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ml.engines.port import Engine, Problem
from ml.explain.outputs import Outputs, outputs_of
from ml.explain.scorers import Scorer, scorer_of
from ml.sampling import some_rows
from ml.splits import Split

_MOST_SHADOWS = 10
_MOST_ROWS = 1000


@dataclass(frozen=True)
class FoldModel:
    """A pipeline fitted on a fold's training rows, and rows kept out of it."""

    fold: int
    rows: pd.DataFrame
    outputs: Outputs
    score: Scorer
    """Of these rows, in their order, with any values."""


def fold_models(
    engine: Engine, problem: Problem, candidate: str, folds: Sequence[int], of: int, most_rows: int = _MOST_ROWS
) -> Iterator[FoldModel]:
    """Yield a candidate's pipeline for each of these folds, fitted anew: its cost is that of as many fits.

    Args:
        engine: where the candidate comes from.
        problem: what the race asks.
        candidate: its id.
        folds: numbers of the folds, from 0.
        of: how many folds the race has.
        most_rows: how many of a fold's kept out rows are asked, drawn by the problem's seed; the first ones of a time
            series, whose rows go on from each other.
    """
    session = engine.prepare(problem)
    splits = session.folds(of)
    for fold in folds:
        split = splits[fold]
        fitted = session.fitted(candidate, split.train)
        chosen = some_rows(len(split.test), most_rows, problem.seed)
        if problem.task == "time_series":
            chosen = np.arange(min(len(split.test), most_rows))
        kept = Split(split.train, split.test[chosen])
        yield FoldModel(
            fold, problem.features.iloc[kept.test], outputs_of(problem.task, fitted), scorer_of(problem, fitted, kept)
        )


def columns_of(problem: Problem) -> tuple[str, ...]:
    """Return the columns that an explanation speaks of: all but the moments of a time series, which say when it is."""
    return tuple(name for name in problem.types if problem.forecast is None or name != problem.forecast.time)


def with_shadows(problem: Problem, most: int = _MOST_SHADOWS) -> tuple[Problem, tuple[str, ...]]:
    """Return the problem with shuffled copies of some columns beside them, and the names of the copies.

    A shuffled copy has its column's values and says nothing (Kursa and Rudnicki, 2010), so the importance that it gets
    in a candidate fitted with it is what chance gives. There are as many as columns, and at most ``most``, drawn by the
    problem's seed; each changes the candidate a little, so the line that they draw is a little off too.
    """
    random = np.random.default_rng(problem.seed)
    columns = columns_of(problem)
    copied = random.permutation(np.array(columns, dtype=object))[:most]
    names = {f"(shadow {number})": name for number, name in enumerate(copied.tolist())}
    rows = len(problem.features)
    shuffled = {
        shadow: problem.features[name].iloc[random.permutation(rows)].set_axis(problem.features.index)
        for shadow, name in names.items()
    }
    types = {**problem.types, **{shadow: problem.types[name] for shadow, name in names.items()}}
    return replace(problem, features=problem.features.assign(**shuffled), types=types), tuple(names)
