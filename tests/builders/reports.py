"""Evaluation reports and their tables, small and made by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from contracts.ids import CandidateId, DatasetVersionId, ExperimentId, ModelVersionId
from contracts.reports import ModelVersionReported, ReportTable
from contracts.training import Candidate, Task


def a_report(tables: Mapping[str, Any], task: Task = "classification", **changed: Any) -> ModelVersionReported:
    """Return the fact that a model version is reported, with tables of PyArrow."""
    known: dict[str, Any] = {
        "model_version_id": ModelVersionId("mv-1"),
        "experiment_id": ExperimentId("exp-1"),
        "candidate": Candidate(id=CandidateId("forest"), name="Random forest"),
        "dataset": "penguins",
        "dataset_version": DatasetVersionId("ab" * 32),
        "task": task,
        "target": "species",
        "metric": "Accuracy",
        "folds": 2,
        "rows": 40,
        "tables": tuple(
            ReportTable(name=name, key=f"reports/{name}", digest="0" * 64, rows=table.num_rows)
            for name, table in tables.items()
        ),
        "created_at": datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
    }
    return ModelVersionReported(**(known | changed))


def some_tables() -> dict[str, Any]:
    """Return tables of several families, with what is hard to keep: long numbers, infinity, gaps, moments, marks."""
    return {
        "score_means": pa.table({"metric": ["Accuracy"], "mean": [0.1 + 0.2], "low": [0.25], "high": [1 / 3]}),
        "scores": pa.table({"metric": ["Accuracy", "Accuracy", "AUC"], "fold": [0, 1, 0], "score": [0.2, 0.4, None]}),
        "roc": pa.table(
            {
                "class": ["yes"] * 3,
                "fold": [0, 0, 0],
                "threshold": [float("inf"), 0.5, 1e-17],
                "false_positive_rate": [0.0, 1 / 7, 1.0],
                "true_positive_rate": [0.0, 6 / 7, 1.0],
            }
        ),
        "roc_mean": pa.table(
            {
                "class": ["yes"] * 2,
                "false_positive_rate": [0.0, 1.0],
                "true_positive_rate": [0.0, 1.0],
                "low": [None, None],
                "high": [None, None],
            },
            schema=pa.schema(
                [("class", pa.string())]
                + [(name, pa.float64()) for name in ("false_positive_rate", "true_positive_rate", "low", "high")]
            ),
        ),
        "importance": pa.table(
            {
                "feature": ["</script><script>alert(1)</script>", "bill & beak"],
                "importance": [0.3, 0.01],
                "low": [0.2, -0.01],
                "high": [0.4, 0.03],
                "noise": [0.05, 0.05],
                "above_noise": [True, False],
            }
        ),
        "of the next release": pa.table(
            {
                "at": [datetime.fromisoformat("2024-02-01"), datetime.fromisoformat("2024-02-01T06:00:00")],
                "many": [2**53 + 1, -1],
            }
        ),
    }
