"""A small race of scikit-learn's engine, as the object store has it once it is over: of every task."""

from io import BytesIO
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from contracts.ids import CandidateId
from contracts.ingest import Column
from contracts.plans import canonical, digest_of
from contracts.training import Candidate, Plan
from infra.objects import Objects
from ml.engines.port import Problem
from ml.metrics import default_metric
from tests.builders.messages import a_plan
from tests.builders.problems import a_classification, a_regression
from tests.builders.unlabelled import a_grouped, a_series

RACES: dict[str, tuple[Problem, str]] = {
    "classification": (a_classification(rows=120), "logistic"),
    "regression": (a_regression(rows=120), "ridge"),
    "clustering": (a_grouped("clustering"), "kmeans"),
    "anomaly_detection": (a_grouped("anomaly_detection"), "neighbors"),
    "time_series": (a_series(), "ridge"),
}
"""A problem of each task, and a candidate for it."""


def a_plan_for(objects: Objects, problem: Problem, candidate: str, **fields: Any) -> tuple[Plan, str]:
    """Store the rows of a problem, and a plan of one candidate over three folds; return the plan and its digest."""
    labelled = problem.task not in {"clustering", "anomaly_detection"}
    frame = problem.features.assign(answer=problem.target) if labelled else problem.features
    stored = objects.put("datasets", [_parquet(frame)], ".parquet")
    defaults: dict[str, Any] = {
        "data": stored.key,
        "data_digest": stored.digest,
        "rows": len(frame),
        "features": tuple(
            Column(name=name, type=type_, missing=int(frame[name].isna().sum()), distinct=frame[name].nunique())
            for name, type_ in problem.types.items()
        ),
        "target": "answer" if labelled else "",
        "task": problem.task,
        "engine": "sklearn",
        "candidates": (Candidate(id=CandidateId(candidate), name=candidate.title()),),
        "folds": 3,
        "metric": default_metric(problem.task, 2 if problem.task == "classification" else None),
        "clusters": problem.clusters if problem.task == "clustering" else None,
        "anomalies": problem.anomalies if problem.task == "anomaly_detection" else None,
        "forecast": problem.forecast,
    }
    plan = a_plan(**defaults | fields)
    objects.create(f"plans/{digest_of(plan)}.json", [canonical(plan)])
    return plan, digest_of(plan)


def _parquet(frame: pd.DataFrame) -> bytes:
    file = BytesIO()
    pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), file)
    return file.getvalue()
