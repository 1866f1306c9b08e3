"""A full race, nothing retired: with one worker, with two, and PyCaret's own ``compare_models`` in one process.

The same rows, candidates, folds and seed, on the same machine, one after the other. The platform is up and warm before
its clock starts, as PyCaret's import and ``setup()`` are left out on the other side.
"""

import asyncio
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from contracts.training import (
    ExperimentCompleted,
    ExperimentStarted,
    ExperimentTemplate,
    FitCompleted,
    ModelVersionCreated,
    Plan,
)
from infra.bus import Bus
from infra.objects.store import open_objects
from tests.bench.overhead import figures, spent
from tests.bench.warm import DATASET, race_of, recorded, warm
from ui.cli.flights import TARGET, write_flights
from ui.cli.train import started_experiment

CANDIDATES = ("lr", "ridge", "lda", "nb", "dt", "knn", "svm", "ada", "gbc", "rf", "et", "lightgbm")
FOLDS = 5
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
_ROUNDING = 1e-9
_WALLS = 3
"""How often PyCaret races: its walls vary by half and more, and the best of them is what ours is put to."""

Scores = dict[str, dict[str, dict[int, float | None]]]
"""Candidate to metric to fold to score."""


@dataclass(frozen=True)
class Raced:
    """One race on the platform."""

    scored: float
    """Seconds until every fit was scored."""
    seconds: float
    """Seconds until the winner was refitted on all rows, which PyCaret's race ends with too, and stored."""
    plan: Plan
    fits: tuple[FitCompleted, ...]
    rows: bytes
    """The dataset version's Parquet file."""
    spent: float
    """Processor seconds of the platform, the fits left out, until MLflow has the winner."""

    @property
    def scores(self) -> Scores:
        """Return what its fits scored."""
        scores: Scores = {}
        for fit in self.fits:
            for metric, score in fit.scores.items():
                scores.setdefault(fit.candidate, {}).setdefault(metric, {})[fit.fold] = score
        return scores

    @property
    def overhead(self) -> dict[str, float]:
        """Return what the platform added to its fits."""
        return {**figures(self.fits), "platform_cpu_ms_per_fit": round(self.spent / len(self.fits) * 1000, 1)}


def measure() -> dict[str, float]:
    """Return the walls as ratios to PyCaret's, how many scores differ, and what the platform adds to a fit."""
    one, two = (raced(workers, CANDIDATES, FOLDS) for workers in (1, 2))
    assert one.scores == two.scores
    wall = min(_pycaret(one, "wall")["race_seconds"] for _ in range(_WALLS))
    comparison = compared(one.scores, _pycaret(one, "scores")["scores"])
    return {
        "race_1_worker_to_compare_models": round(one.seconds / wall, 3),
        "race_2_workers_to_compare_models": round(two.seconds / wall, 3),
        "race_1_worker_scored_to_compare_models": round(one.scored / wall, 3),
        "race_2_workers_scored_to_compare_models": round(two.scored / wall, 3),
        "race_2_workers_to_1_worker": round(two.seconds / one.seconds, 3),
        "compare_models_seconds": round(wall, 2),
        "scores_compared_with_pycaret": comparison.compared,
        "scores_that_differ_from_pycaret": comparison.differing,
        "largest_difference_from_pycaret": comparison.largest,
        "multiclass_auc_repaired": comparison.repaired,
        **{f"race_1_worker_{name}": value for name, value in one.overhead.items()},
        **{f"race_2_workers_{name}": value for name, value in two.overhead.items()},
    }


def raced(workers: int, candidates: tuple[str, ...], folds: int) -> Raced:
    """Race candidates on the flights, on a platform that is warm."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "flights.csv"
        write_flights(file)
        return asyncio.run(_raced(file, workers, race_of(TARGET, candidates, folds)))


async def _raced(file: Path, workers: int, template: ExperimentTemplate) -> Raced:
    async with warm(file, TARGET, workers) as platform:
        bus, places = platform.connection.bus, platform.running.platform()
        before = spent(places)
        started = await started_experiment(bus, DATASET, template)
        outcome = await _outcome(bus, started)
        await recorded(platform.connection, started.experiment_id)
        after = spent(places)
        rows = open_objects(places.objects_url).read(started.plan.data)
    scored, seconds = ((end - started.started_at).total_seconds() for end in (outcome.scored_at, outcome.refitted_at))
    return Raced(scored, seconds, started.plan, outcome.fits, rows, after - before)


@dataclass(frozen=True)
class _Outcome:
    fits: tuple[FitCompleted, ...]
    scored_at: datetime
    refitted_at: datetime


async def _outcome(bus: Bus, started: ExperimentStarted) -> _Outcome:
    fits: list[FitCompleted] = []
    scored_at = started.started_at
    kinds = (FitCompleted, ExperimentCompleted, ModelVersionCreated)
    async for fact in bus.facts(*kinds, key=started.experiment_id):
        match fact.message:
            case FitCompleted() as fit:
                fits.append(fit)
            case ExperimentCompleted(fits_failed=failed, completed_at=scored_at):
                assert failed == 0
            case ModelVersionCreated(created_at=refitted_at):
                return _Outcome(tuple(fits), scored_at, refitted_at)
    raise AssertionError("the stream ended")


def _pycaret(raced: Raced, what: Literal["wall", "scores"]) -> Any:
    """Run PyCaret over the plan in a process of its own, as it comes for the wall, with one thread for the scores."""
    with tempfile.TemporaryDirectory() as folder:
        plan, rows = Path(folder) / "plan.json", Path(folder) / "rows.parquet"
        plan.write_text(raced.plan.model_dump_json())
        rows.write_bytes(raced.rows)
        given = {name: value for name, value in os.environ.items() if name not in _ONE_THREAD}  # noqa: TID251 - a child's
        environment = {
            **given,
            **(_ONE_THREAD if what == "scores" else {}),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYCARET_CUSTOM_LOGGING_PATH": os.devnull,
            "TMPDIR": folder,  # PyCaret keeps fitted preprocessing there, which is not to be found again
        }
        command = (sys.executable, "-m", "tests.bench.compare_models", what, str(plan), str(rows))
        done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])


@dataclass(frozen=True)
class Comparison:
    """Our scores beside PyCaret's."""

    compared: int = 0
    differing: int = 0
    """Those that differ by more than rounding."""
    largest: float = 0.0
    """The largest difference."""
    repaired: int = 0
    """AUCs that PyCaret gives as 0 where the candidate has one; they are not compared."""


def compared(ours: Scores, theirs: Mapping[str, Mapping[str, list[float]]]) -> Comparison:
    """Compare every score that both sides have, fold by fold; one that is missing on our side differs."""
    found = Comparison()
    for candidate, metrics in theirs.items():
        for metric in metrics.keys() & ours[candidate].keys():
            for fold, score in enumerate(metrics[metric]):
                found = _with(found, ours[candidate][metric][fold], score, metric)
    return found


def _with(found: Comparison, mine: float | None, score: float, metric: str) -> Comparison:
    if metric == "AUC" and score == 0.0:
        return replace(found, repaired=found.repaired + 1)
    difference = math.inf if mine is None else abs(mine - score)
    return replace(
        found,
        compared=found.compared + 1,
        differing=found.differing + (not difference <= _ROUNDING),
        largest=max(found.largest, difference),
    )
