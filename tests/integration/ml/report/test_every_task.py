import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ml.engines.port import Problem
from ml.report import report_tables
from tests.builders.evidence import evidence_of
from tests.builders.problems import a_classification, a_regression
from tests.builders.unlabelled import a_grouped, a_series

PROBLEMS = [
    (a_classification(), "forest"),
    (a_classification(("a", "b", "c")), "logistic"),
    (a_classification((0.5, 1.5)), "ridge"),
    (a_regression(), "boosting"),
    (a_grouped("clustering"), "dbscan"),
    (a_grouped("anomaly_detection"), "svm"),
    (a_series(), "forest"),
    (a_series(alone=True), "seasonal"),
]


@pytest.mark.parametrize(("problem", "candidate"), PROBLEMS)
def test_every_table_of_every_task_has_rows_and_survives_parquet(
    problem: Problem, candidate: str, tmp_path: Path
) -> None:
    tables = report_tables(problem.task, evidence_of(problem, candidate))
    for name, table in tables.items():
        assert len(table), name
        pq.write_table(pa.Table.from_pandas(table), tmp_path / name)
        again = pq.read_table(tmp_path / name).to_pandas()
        pd.testing.assert_frame_equal(again, table)
        assert json.loads(json.dumps(again.attrs)) == table.attrs


@pytest.mark.parametrize(("problem", "candidate"), PROBLEMS)
def test_the_order_of_the_predictions_means_nothing(problem: Problem, candidate: str) -> None:
    evidence = evidence_of(problem, candidate)
    shuffled = replace(evidence, predictions=evidence.predictions.sample(frac=1, random_state=1))
    expected, found = (report_tables(problem.task, given) for given in (evidence, shuffled))
    for name, table in expected.items():
        pd.testing.assert_frame_equal(found[name], table, check_exact=True)
