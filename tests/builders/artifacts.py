"""Artifacts as training leaves them: a fitted pipeline in a zipped MLflow folder."""

import zipfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from contracts.training import ModelVersionCreated
from infra.objects import Objects
from ml.engines.pipeline import FittedPipeline
from ml.engines.port import Problem
from ml.engines.sklearn import ENGINE
from ml.metrics import Task
from services.serving.models import frame_of
from services.training.worker.artifact import Artifact, save
from tests.builders.messages import a_plan
from tests.builders.served import FEATURES, ROW, TYPES, a_served_version


def rows(count: int, seed: int = 7) -> list[dict[str, Any]]:
    """Return rows of six types, about one value in ten missing."""
    chance = np.random.default_rng(seed)
    days = pd.date_range("2026-01-01", periods=90)

    def row() -> dict[str, Any]:
        day = days[chance.integers(90)]
        full = {
            "island": str(chance.choice(["Biscoe", "Dream", "Torgersen"])),
            "bill length": float(chance.normal(44, 5)),
            "flipper": int(chance.integers(170, 230)),
            "tagged": bool(chance.random() < 0.5),
            "seen": day.date().isoformat(),
            "weighed": (day + pd.Timedelta(hours=int(chance.integers(24)))).isoformat(),
        }
        return {name: None if chance.random() < 0.1 else value for name, value in full.items()}

    return [row() for _ in range(count)]


def columns(given: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return rows column by column."""
    return {name: [row[name] for row in given] for name in TYPES}


@cache
def pipeline(candidate: str = "logistic", task: Task = "classification") -> FittedPipeline:
    """Return a candidate that was trained on 200 rows."""
    given = rows(200)
    bills = np.array([row["bill length"] or 44.0 for row in given])
    target = np.where(bills > 44, "Gentoo", "Adelie").astype(object) if task == "classification" else bills
    problem = Problem(task, frame_of(columns(given), TYPES), TYPES, target, seed=7)
    fitted = ENGINE.prepare(problem).refit(candidate)
    assert isinstance(fitted, FittedPipeline)
    return fitted


def save_artifact(fitted: FittedPipeline, folder: Path) -> Path:
    """Write a pipeline as training does, and return the archive; the folder for MLflow's own client is beside it."""
    archive = folder / "model.zip"
    save(Artifact(fitted, a_plan(engine="sklearn", features=FEATURES), frame_of(columns([ROW]), TYPES)), archive)
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(folder / "model")
    return archive


def store_artifact(objects: Objects, archive: Path, **fields: Any) -> ModelVersionCreated:
    """Put an archive into the store, and return the fact that training would state."""
    stored = objects.put_file("artifacts", archive, ".zip")
    return a_served_version(artifact=stored.key, artifact_digest=stored.digest, **fields)
