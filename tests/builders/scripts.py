"""A race of one candidate, and the program that makes its folds once more, run where nothing of ours is."""

import csv
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts.training import Plan
from infra.objects.store import open_objects
from ml.engines.port import Engine
from ml.metrics import Task
from services.training.worker.rows import given
from services.training.worker.script import scripts_of
from tests.builders.races import a_stored_plan

_ALONE = """
import runpy, sys
from importlib.util import find_spec
sys.path.append({libraries!r})
assert not [name for name in ("contracts", "infra", "ml", "services", "ui") if find_spec(name)]
runpy.run_path({script!r}, run_name="__main__")
"""

Scores = Mapping[str, float | None]


class Race:
    """A plan on mixed rows, as the worker sees it."""

    def __init__(self, engine: Engine, task: Task, engine_name: str, folder: Path, **fields: Any) -> None:
        objects = open_objects("memory://")
        self.plan: Plan = a_stored_plan(objects, task, engine_name, **fields)[0]
        self.rows = folder / "rows.parquet"
        objects.fetch(self.plan.data, self.plan.data_digest, self.rows)
        self.session = engine.prepare(given(self.plan, self.rows).problem)

    def exported(self, candidate: str, folder: Path) -> Path:
        """Race a candidate, and return ``folder`` with its rows, scores and program."""
        folder.mkdir()
        splits = self.session.folds(self.plan.folds)
        scores = [self.session.fit(candidate, split.train, split.test).scores for split in splits]
        (folder / "data.parquet").write_bytes(self.rows.read_bytes())
        write_scores(folder / "scores.csv", candidate, scores)
        for name, text in scripts_of(self.plan, candidate, self.session.refit(candidate)).items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder


def write_scores(file: Path, candidate: str, scores: list[dict[str, float | None]]) -> None:
    """Write the scores of each fold."""
    with file.open("w", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(["candidate", "fold", "metric", "score"])
        for fold, of_fold in enumerate(scores):
            lines.writerows([candidate, fold, metric, score] for metric, score in of_fold.items())


def run_alone(script: Path, seconds: float = 100.0) -> subprocess.CompletedProcess[str]:
    """Run a program in an environment that has the libraries, and neither this project nor its folder's imports."""
    # Isolated, and without ``site``, whose .pth files would put the project on the path.
    program = _ALONE.format(libraries=sysconfig.get_path("purelib"), script=str(script))
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", program],
        check=False,
        capture_output=True,
        text=True,
        timeout=seconds,
        cwd=script.parent,
        env={"HOME": str(script.parent)},
    )
