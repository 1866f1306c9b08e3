"""A full race, nothing retired: with one worker, with two, and PyCaret's own ``compare_models`` in one process.

The same rows, candidates, folds and seed, on the same machine, one after the other. The platform is up and warm before
its clock starts, as PyCaret's import and ``setup()`` are left out on the other side.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contracts.ids import CandidateId
from contracts.training import (
    ExperimentCompleted,
    ExperimentStarted,
    ExperimentTemplate,
    FitCompleted,
    ModelVersionRecorded,
    Plan,
)
from infra.local.embedded import embedded
from infra.local.layout import Home
from infra.objects.store import open_objects
from ui.cli.connection import connected
from ui.cli.flights import TARGET, write_flights
from ui.cli.ingest import registered
from ui.cli.reach import Reach
from ui.cli.train import started_experiment

CANDIDATES = ("lr", "ridge", "lda", "nb", "dt", "knn", "svm", "ada", "gbc", "rf", "et", "lightgbm")
FOLDS = 5
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

Scores = dict[str, dict[str, dict[int, float | None]]]
"""Candidate to metric to fold to score."""


@dataclass(frozen=True)
class Raced:
    """One race on the platform."""

    seconds: float
    plan: Plan
    scores: Scores
    rows: bytes
    """The dataset version's Parquet file."""


def measure() -> dict[str, float]:
    """Return the walls as ratios to PyCaret's, and how many scores differ."""
    one, two = (asyncio.run(_raced(workers)) for workers in (1, 2))
    theirs = _compare_models(one)
    differing, auc = _differences(one.scores, theirs["scores"])
    assert one.scores == two.scores
    wall = theirs["race_seconds"]
    return {
        "race_1_worker_to_compare_models": round(one.seconds / wall, 3),
        "race_2_workers_to_compare_models": round(two.seconds / wall, 3),
        "race_2_workers_to_1_worker": round(two.seconds / one.seconds, 3),
        "compare_models_seconds": round(wall, 2),
        "scores_that_differ_from_pycaret": differing,
        "multiclass_auc_repaired": auc,
    }


async def _raced(workers: int) -> Raced:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "flights.csv"
        write_flights(file)
        async with (
            embedded(Home(Path(folder) / "home"), workers, lambda _news: None) as running,
            connected(Reach.of(running.platform())) as connection,
        ):
            await registered(connection, file, "flights")
            bus = connection.bus
            # A small race first, to its record in MLflow, so that everything is warm and nothing else is at work.
            warming = await started_experiment(bus, "flights", _template(("lr", "dt"), 2))
            async for _fact in bus.facts(ModelVersionRecorded, key=warming.experiment_id):
                break
            started = await started_experiment(bus, "flights", _template(CANDIDATES, FOLDS))
            completed, scores = await _outcome(connection.bus, started)
            rows = open_objects(running.platform().objects_url).read(started.plan.data)
        seconds = (completed.completed_at - started.started_at).total_seconds()
        return Raced(seconds, started.plan, scores, rows)


async def _outcome(bus: Any, started: ExperimentStarted) -> tuple[ExperimentCompleted, Scores]:
    scores: Scores = {}
    async for fact in bus.facts(FitCompleted, ExperimentCompleted, key=started.experiment_id):
        if isinstance(fact.message, ExperimentCompleted):
            assert fact.message.fits_failed == 0
            return fact.message, scores
        fit: FitCompleted = fact.message
        for metric, score in fit.scores.items():
            scores.setdefault(fit.candidate, {}).setdefault(metric, {})[fit.fold] = score
    raise AssertionError("the stream ended")


def _template(candidates: tuple[str, ...], folds: int) -> ExperimentTemplate:
    return ExperimentTemplate(
        target=TARGET, task="classification", folds=folds, candidates=tuple(map(CandidateId, candidates))
    )


def _compare_models(raced: Raced) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        plan, rows = Path(folder) / "plan.json", Path(folder) / "rows.parquet"
        plan.write_text(raced.plan.model_dump_json())
        rows.write_bytes(raced.rows)
        root = Path(__file__).parents[2]
        environment = {
            **os.environ,  # noqa: TID251 - a child sees what this process was given
            **_ONE_THREAD,
            "PYTHONPATH": str(root),
            "PYCARET_CUSTOM_LOGGING_PATH": os.devnull,
        }
        command = (sys.executable, "-m", "tests.bench.compare_models", str(plan), str(rows))
        done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])


def _differences(ours: Scores, theirs: Mapping[str, Mapping[str, list[float]]]) -> tuple[int, int]:
    """Return how many scores differ by more than rounding, and how many AUCs PyCaret gets wrong."""
    differing = wrong_auc = 0
    for candidate, metrics in theirs.items():
        for metric, scores in metrics.items():
            if metric not in ours[candidate]:
                continue
            for fold, score in enumerate(scores):
                found = ours[candidate][metric][fold]
                if metric == "AUC" and score == 0.0:
                    wrong_auc += 1
                elif found is None or abs(found - score) > 1e-9:
                    differing += 1
    return differing, wrong_auc
