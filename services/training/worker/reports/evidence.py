"""From what a race left behind to the evidence that a report's mathematics takes."""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from contracts.training import Plan
from ml.report.evidence import Evidence
from ml.report.intervals import over_folds
from services.training.worker.reports.papers import Fold
from services.training.worker.rows import Given


def evidence_of(plan: Plan, given: Given, folds: Sequence[Fold], fitted: Any) -> Evidence:
    """Return the evidence of a candidate; only of a clustering the model version itself is asked, for its groups."""
    tables = [pq.read_table(fold.predictions) for fold in folds]
    predictions = [table.to_pandas().assign(fold=fold.number) for fold, table in zip(folds, tables, strict=True)]
    features = given.problem.features.set_axis(given.places)
    return Evidence(
        predictions=pd.concat(predictions, ignore_index=True),
        features=features,
        classes=_classes(tables[0].schema.metadata) if plan.task == "classification" else (),
        seed=plan.seed,
        time=plan.forecast.time if plan.forecast else None,
        **(_grouped(features, fitted) if plan.task == "clustering" else {}),
    )


def scores_of(folds: Sequence[Fold]) -> pd.DataFrame:
    """Return ``metric``, ``fold`` and ``score``, metric by metric; missing where a metric is not defined."""
    lines = [(metric, fold.number, score) for fold in folds for metric, score in fold.scores.items()]
    table = pd.DataFrame(lines, columns=["metric", "fold", "score"]).astype({"score": float})
    order = {metric: place for place, metric in enumerate(dict.fromkeys(table["metric"]))}
    return table.sort_values("metric", key=lambda metrics: metrics.map(order), kind="stable", ignore_index=True)


def means_of(scores: pd.DataFrame, of: int) -> pd.DataFrame:
    """Return ``metric``, ``mean``, ``low`` and ``high`` over the folds that have a score, of a race of ``of`` folds."""
    known = scores.dropna(subset="score").groupby("metric", sort=False)["score"]
    parts = [over_folds(found.to_numpy()[:, None], of).assign(metric=metric) for metric, found in known]
    return pd.concat(parts, ignore_index=True)[["metric", "mean", "low", "high"]] if parts else pd.DataFrame()


def _classes(about: dict[bytes, bytes]) -> tuple[Any, ...]:
    return tuple(json.loads(about[b"trackside.classes"]))


def _grouped(features: pd.DataFrame, fitted: Any) -> dict[str, Any]:
    # Said by the parts, which artifacts of earlier releases have too.
    matrix = fitted.preprocessing.transform(fitted.intake.apply(features.reset_index(drop=True)))
    return {
        "groups": pd.Series(fitted.predict(features), index=features.index),
        "matrix": np.asarray(matrix, dtype=float),
    }
