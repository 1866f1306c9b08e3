"""A plan with its rows in an object store, as ingest and training leave them for a worker."""

from hashlib import sha256
from io import BytesIO
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.ids import CandidateId, ExperimentId, FitId, derived
from contracts.ingest import Column
from contracts.training import Candidate, PerformFit, Plan, RefitCandidate
from infra.objects import Objects
from ml.engines import candidates
from ml.metrics import Task, default_metric
from tests.builders.messages import EXPERIMENT, a_plan
from tests.builders.problems import TYPES, a_classification, a_regression


def a_stored_plan(
    objects: Objects, task: Task = "classification", engine: str = "sklearn", count: int = 120, **fields: Any
) -> tuple[Plan, str]:
    """Store mixed rows, of which the third has no target, and a plan for them; return the plan and its digest."""
    frame = _rows(task, count)
    data = _parquet(frame)
    stored = objects.put("datasets", [data], ".parquet")
    defaults: dict[str, Any] = {
        "data": stored.key,
        "data_digest": stored.digest,
        "rows": count - 1,
        "features": tuple(
            Column(name=name, type=type_, missing=int(frame[name].isna().sum()), distinct=frame[name].nunique())
            for name, type_ in TYPES.items()
        ),
        "target": "answer",
        "task": task,
        "engine": engine,
        "candidates": tuple(Candidate(id=CandidateId(id_), name=name) for id_, name in candidates(engine, task)),
        "folds": 3,
        "metric": default_metric(task, 2),
    }
    plan = a_plan(**defaults | fields)
    plan_json = plan.model_dump_json().encode()
    digest = sha256(plan_json).hexdigest()
    objects.create(f"plans/{digest}.json", [plan_json])
    return plan, digest


def a_fit_of(plan_digest: str, candidate: str = "logistic", fold: int = 0, **fields: Any) -> PerformFit:
    """Return the command to fit a candidate on one fold."""
    defaults: dict[str, Any] = {
        "experiment_id": EXPERIMENT,
        "fit_id": FitId(f"fit-{derived(plan_digest, candidate, fold)}"),
        "plan_digest": plan_digest,
        "candidate": candidate,
        "fold": fold,
    }
    return PerformFit(**defaults | fields)


def a_refit_of(plan_digest: str, candidate: str = "logistic", experiment: ExperimentId = EXPERIMENT) -> RefitCandidate:
    """Return the command to refit a candidate on all rows."""
    return RefitCandidate(experiment_id=experiment, candidate=CandidateId(candidate), plan_digest=plan_digest)


def _rows(task: Task, rows: int) -> pd.DataFrame:
    problem = a_classification(rows=rows) if task == "classification" else a_regression(rows=rows)
    frame = problem.features.assign(answer=problem.target)
    frame.loc[2, "answer"] = None
    return frame


def _parquet(frame: pd.DataFrame) -> bytes:
    table = pa.Table.from_pandas(frame, preserve_index=False)
    hatched = table.schema.get_field_index("hatched")
    table = table.set_column(hatched, "hatched", table["hatched"].cast(pa.date32(), safe=False))
    file = BytesIO()
    pq.write_table(table, file)
    return file.getvalue()
