"""Explanations by a real child, of every task."""

import json
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from contracts.asked import AskedRows, key_of
from contracts.ids import ModelVersionId
from contracts.message import Message
from contracts.reports import ExplanationRefused, PredictionExplained
from contracts.training import ModelVersionCreated
from tests.builders.messages import NOON
from tests.builders.raced import RACES
from tests.integration.services.training.worker.conftest import Worker

PREDICTION = "5f0c3c0f-1f6d-4d2e-9a55-0d5a4b6f7c11"


def ask(worker: Worker, id_: ModelVersionId, rows: Sequence[dict[str, Any]], of: int | None = None) -> None:
    asked = AskedRows(model_version_id=id_, rows=tuple(rows), of=of or len(rows))
    worker.objects.create(key_of(PREDICTION), [asked.model_dump_json().encode()])


def example_of(version: ModelVersionCreated) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(version.example)
    return row


def explained(facts: list[Message]) -> PredictionExplained:
    (fact,) = facts
    assert isinstance(fact, PredictionExplained), fact
    return fact


def refused(facts: list[Message]) -> ExplanationRefused:
    (fact,) = facts
    assert isinstance(fact, ExplanationRefused), fact
    return fact


def table_of(worker: Worker, fact: PredictionExplained) -> pd.DataFrame:
    table = pq.read_table(BytesIO(worker.objects.read(fact.table.key))).to_pandas()
    assert fact.table.rows == len(table)
    return table


@pytest.mark.parametrize("task", RACES)
def test_what_the_columns_add_makes_up_each_answer_of_any_task(worker: Worker, task: str) -> None:
    version = worker.race(*RACES[task])
    ask(worker, version.model_version_id, [example_of(version)] * 2)
    fact = explained(worker.explain(PREDICTION))
    assert (fact.prediction_id, fact.model_version_id) == (PREDICTION, version.model_version_id)
    assert (fact.rows, fact.table.name, fact.explained_at, fact.notes) == (2, "explanation", NOON, ())
    table = table_of(worker, fact)
    assert set(table["row"]) == {0, 1}
    told = table.groupby(["row", "output"])
    sums = told["contribution"].sum() + told["base"].first()
    assert sums.to_numpy() == pytest.approx(told["prediction"].first().to_numpy())
    columns = {feature.name for feature in version.features} - {"month"}
    assert set(table.loc[table["kind"] == "column", "feature"]) == columns
    assert ("season" in set(table["feature"])) == (task == "time_series")


def test_rows_with_gaps_are_explained(worker: Worker) -> None:
    version = worker.race(*RACES["classification"])
    ask(worker, version.model_version_id, [dict.fromkeys(example_of(version))])
    assert set(table_of(worker, explained(worker.explain(PREDICTION)))["value"]) == {"(missing)"}


def test_of_many_rows_the_first_are_explained_and_the_reader_told(worker: Worker) -> None:
    version = worker.race(*RACES["regression"])
    ask(worker, version.model_version_id, [example_of(version)] * 25, of=300)
    fact = explained(worker.explain(PREDICTION))
    assert (fact.rows, fact.notes) == (20, ("The first 20 of 300 rows are explained.",))


def test_a_repeated_question_gets_the_same_answer(worker: Worker) -> None:
    version = worker.race(*RACES["regression"])
    ask(worker, version.model_version_id, [example_of(version)])
    first = explained(worker.explain(PREDICTION))
    worker.objects.delete(key_of(PREDICTION))
    assert explained(worker.explain(PREDICTION)) == first


def test_a_prediction_that_was_not_kept_is_refused(worker: Worker) -> None:
    refusal = refused(worker.explain(PREDICTION))
    assert (refusal.prediction_id, refusal.reason) == (PREDICTION, "PredictionUnknown")


def test_rows_that_do_not_fit_the_model_version_are_refused(worker: Worker) -> None:
    version = worker.race(*RACES["regression"])
    for row, words in (
        ({"length": 1.0}, "a row has no column"),
        ({**example_of(version), "length": "long"}, "the column 'length' holds a value that is not of type float"),
    ):
        ask(worker, version.model_version_id, [row])
        refusal = refused(worker.explain(PREDICTION))
        assert refusal.reason == "RowsUnfit"
        assert words in refusal.cause
        worker.objects.delete(key_of(PREDICTION))


def test_a_moment_that_is_known_by_now_cannot_be_explained(worker: Worker) -> None:
    version = worker.race(*RACES["time_series"])
    ask(worker, version.model_version_id, [{**example_of(version), "month": "2001-01-01"}])
    assert refused(worker.explain(PREDICTION)).reason == "RowsUnfit"


def test_an_unreadable_object_is_refused(worker: Worker) -> None:
    worker.objects.create(key_of(PREDICTION), [b"not JSON"])
    assert refused(worker.explain(PREDICTION)).reason == "RowsUnfit"


def test_a_model_version_that_is_unknown_here_is_refused(worker: Worker) -> None:
    ask(worker, ModelVersionId("mv-0"), [{"length": 1.0}])
    assert refused(worker.explain(PREDICTION)).reason == "ModelVersionUnknown"
