"""What the child does: fits and refits, by a session that it keeps as long as it lives; the warm server preloads it."""

import json
import resource
from functools import lru_cache, partial
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from time import process_time

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.training import Plan
from ml.engines import engine
from ml.engines.costs import ServingCost, serving_cost
from ml.engines.own import package_of
from ml.engines.port import Fitted, Session
from ml.engines.session import failing_as
from ml.splits import Split
from services.training.worker.artifact import Artifact, save
from services.training.worker.limits import limited
from services.training.worker.once import made_once
from services.training.worker.rows import Given, given
from services.training.worker.script import scripts_of
from services.training.worker.work import FitReport, RefitReport, Work

_SESSIONS_KEPT = 4
_FORM = 1
"""Counts up when a session keeps something else, so that what an earlier release left is not taken for one."""
_ASKED = {"dataset_version", "rows", "features", "target", "task", "engine", "seed", "groups", "clusters", "anomalies"}
"""What of a plan a session depends on: neither candidates nor folds."""
_RESET_PEAK = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")


def fit(work: Work, fold: int, predictions: Path) -> FitReport:
    """Fit the candidate on one fold, and write its out-of-fold predictions, by row of the dataset version."""
    _forget_peak_memory()
    began = process_time()
    plan, rows, session, splits = _made_ready(work.plan, work.data)
    split = splits[fold]
    with limited(plan.fit_seconds, plan.fit_megabytes):
        outcome = session.fit(work.candidate, split.train, split.test)
    cpu_seconds = process_time() - began
    cost = _cost(work.candidate, outcome.fitted, rows.problem.features.iloc[split.test]) if fold == 0 else None
    table = _placed(outcome.predictions, rows)
    _write(table, session.classes, predictions)
    return FitReport(
        scores=outcome.scores,
        rows=len(table),
        fit_seconds=outcome.fit_seconds,
        score_seconds=outcome.score_seconds,
        cpu_seconds=cpu_seconds,
        peak_memory_bytes=_peak_memory(),
        cost=cost,
    )


def refit(work: Work, archive: Path) -> RefitReport:
    """Refit the candidate on all rows, and write the archive of its MLflow model."""
    plan, _rows, session, _splits = _made_ready(work.plan, work.data)
    fitted = session.refit(work.candidate)
    example = session.example(fitted)
    save(Artifact(fitted, plan, example, scripts_of(plan, work.candidate, fitted), package_of(work.candidate)), archive)
    labels = tuple(fitted.classes_.tolist())
    return RefitReport(labels, example.to_json(orient="records", date_format="iso", lines=True).strip())


# One plan per child: a new one means a new child, because PyCaret is not to hold two experiments.
@lru_cache(maxsize=1)
def _made_ready(plan_json: bytes, data: Path) -> tuple[Plan, Given, Session, tuple[Split, ...]]:
    plan = Plan.model_validate_json(plan_json)
    rows = given(plan, data)
    session = _session(plan, rows, data.parent)
    return plan, rows, session, session.folds(plan.folds)


def _session(plan: Plan, rows: Given, folder: Path) -> Session:
    """Return the session of a plan: PyCaret takes nearly a second to set one up, so children and races share it."""
    prepare = partial(engine(plan.engine).prepare, rows.problem)
    if plan.engine != "pycaret" or plan.task == "time_series":
        return prepare()
    asked = f"{_FORM} {version('pycaret')} {plan.model_dump_json(include=_ASKED)}".encode()
    return made_once(folder / f"{blake2b(asked, digest_size=20).hexdigest()}.session", prepare, _SESSIONS_KEPT)


def _cost(candidate: str, fitted: Fitted, rows: pd.DataFrame) -> ServingCost:
    # A candidate that cannot answer one row alone could not be served, whatever its score.
    with failing_as(candidate):
        return serving_cost(fitted, rows)


def _placed(predictions: pd.DataFrame, rows: Given) -> pd.DataFrame:
    """Return predictions by row of the dataset version; with the number of each row's group, where rows have one."""
    groups = rows.problem.groups
    grouped = {} if groups is None else {"group": groups[predictions["row"]]}
    return predictions.assign(row=rows.places[predictions["row"]], **grouped)


def _write(table: pd.DataFrame, classes: tuple[object, ...], path: Path) -> None:
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    about = {b"trackside.classes": json.dumps(classes).encode()}
    pq.write_table(arrow.replace_schema_metadata(about), path, compression="zstd")


def _forget_peak_memory() -> None:
    """Let the kernel measure the peak anew, so that each fit has its own."""
    if _RESET_PEAK.exists():
        _RESET_PEAK.write_text("5")


def _peak_memory() -> int:
    for line in _STATUS.read_text().splitlines() if _STATUS.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
