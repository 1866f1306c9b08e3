"""PyCaret's own race: ``compare_models`` over a plan's candidates and folds, in this one process.

Run as ``python -m tests.bench.compare_models wall|scores PLAN.json ROWS.parquet``; prints one line of JSON.
``wall``: the seconds that ``compare_models`` took (its import and ``setup()`` apart), with as many jobs as PyCaret
starts by default and with its memory of fitted preprocessing. ``scores``: every candidate's scores by fold, with one
job; the caller sees to it that BLAS has one thread.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from contracts.training import Plan
from ml.engines.intake import Intake
from ml.engines.port import encoded
from ml.splits import Split, folds_of
from services.training.worker.rows import given


@dataclass(frozen=True)
class TheseFolds:
    """What PyCaret takes as ``fold=`` to use our splits."""

    splits: tuple[Split, ...]

    @property
    def n_splits(self) -> int:
        return len(self.splits)

    def split(self, X: Any, y: Any = None, groups: Any = None) -> Iterator[tuple[Any, Any]]:  # noqa: N803
        for split in self.splits:
            yield split.train, split.test

    def get_n_splits(self, X: Any = None, y: Any = None, groups: Any = None) -> int:  # noqa: N803
        return self.n_splits


def main(what: Literal["wall", "scores"], plan_file: str, rows_file: str) -> None:
    """Race for the wall or for the scores, and print the figures."""
    plan = Plan.model_validate_json(Path(plan_file).read_bytes())
    problem = given(plan, Path(rows_file)).problem
    target, _classes = encoded(problem)
    from ml.engines.pycaret import experiment_of  # noqa: PLC0415 - heavy, and it takes over stdout

    stdout = sys.stdout
    features = Intake.learn(problem.features, problem.types).apply(problem.features)
    as_it_comes = {"n_jobs": -1, "memory": True} if what == "wall" else {}
    experiment = experiment_of(features, target, plan.task, plan.seed, **as_it_comes)
    folds = TheseFolds(folds_of(problem.target, plan.task, plan.folds, plan.seed))
    candidates = [candidate.id for candidate in plan.candidates]
    if what == "wall":
        figures: dict[str, Any] = {"race_seconds": _wall(experiment, candidates, folds)}
    else:
        figures = {"scores": {candidate: _scores(experiment, candidate, folds) for candidate in candidates}}
    stdout.write(json.dumps(figures) + "\n")


def _wall(experiment: Any, candidates: Sequence[str], folds: TheseFolds) -> float:
    began = time.perf_counter()
    experiment.compare_models(include=candidates, fold=folds, verbose=False, errors="ignore")
    return time.perf_counter() - began


def _scores(experiment: Any, candidate: str, folds: TheseFolds) -> dict[str, list[float]]:
    experiment.create_model(candidate, fold=folds, refit=False, verbose=False, round=14)
    table = experiment.pull().iloc[: folds.n_splits]
    return {"Precision" if name == "Prec." else name: table[name].tolist() for name in table.columns}


if __name__ == "__main__":
    main(*sys.argv[1:])  # type: ignore[arg-type]  # the first is one of two words
