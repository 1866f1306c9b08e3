import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from contracts.plans import canonical
from contracts.training import Plan
from ml.scoring import Numbers
from services.training.worker.reports.papers import Fold, Papers
from services.training.worker.reports.worth import worth_of
from tests.builders import a_plan

FOLDS, ROWS = 5, 60
CLASSES = {b"trackside.classes": json.dumps(["no", "yes"])}


def of_classes(path: Path, hits: Numbers) -> Path:
    """Write answers of which these are right."""
    truth = np.resize(["no", "yes"], len(hits))
    answers = np.where(hits, truth, np.where(truth == "no", "yes", "no"))
    table = pa.table({"row": np.arange(len(hits)), "truth": truth, "prediction": answers})
    pq.write_table(table.replace_schema_metadata(CLASSES), path)
    return path


def papers(plan: Plan, folder: Path, hits: Sequence[Sequence[Numbers]]) -> Papers:
    """Return what candidates left behind: the first is the winner; by candidate and fold."""
    files = [
        [of_classes(folder / f"{candidate}-{fold}.parquet", right) for fold, right in enumerate(each)]
        for candidate, each in enumerate(hits)
    ]
    folds = tuple(
        Fold(number, file, {"Accuracy": float(right.mean())}, seconds=0.1)
        for number, (file, right) in enumerate(zip(files[0], hits[0], strict=True))
    )
    return Papers(canonical(plan), folder, folder, "tree", folds, tuple(map(tuple, files[1:])))


def coins(candidates: int, seed: int = 3) -> list[list[Numbers]]:
    """Return guesses of candidates that all know nothing; the luckiest comes first."""
    random = np.random.default_rng(seed)
    each = [[random.random(ROWS) < 0.5 for _ in range(FOLDS)] for _ in range(candidates)]
    return sorted(each, key=lambda folds: -float(np.mean(folds)))


@pytest.fixture
def plan() -> Plan:
    return a_plan(folds=FOLDS, metric="Accuracy", rows=FOLDS * ROWS)


def test_the_luckiest_of_many_who_know_nothing_is_worth_nothing_on_new_data(plan: Plan, tmp_path: Path) -> None:
    (worth,) = worth_of(plan, papers(plan, tmp_path, coins(20))).to_dict("records")
    assert worth["on_these_folds"] > 0.53
    assert worth["on_new_data"] == pytest.approx(0.5, abs=0.03)
    assert worth["low"] < 0.5 < worth["high"]
    assert (worth["candidates"], worth["rows"], worth["draws"]) == (20, FOLDS * ROWS, 500)


def test_without_rivals_nothing_was_chosen_and_so_nothing_is_too_good(plan: Plan, tmp_path: Path) -> None:
    (worth,) = worth_of(plan, papers(plan, tmp_path, coins(1))).to_dict("records")
    assert worth["on_new_data"] == pytest.approx(worth["on_these_folds"], abs=0.005)


def test_of_an_error_the_ends_are_in_order_too(tmp_path: Path) -> None:
    plan = a_plan(folds=FOLDS, task="regression", metric="MAE", rows=FOLDS * ROWS)
    random, folds = np.random.default_rng(1), []
    for number in range(FOLDS):
        errors = random.normal(size=ROWS)
        file = tmp_path / f"{number}.parquet"
        pq.write_table(pa.table({"row": np.arange(ROWS), "truth": np.zeros(ROWS), "prediction": errors}), file)
        folds.append(Fold(number, file, {"MAE": float(np.abs(errors).mean())}, seconds=0.1))
    left = Papers(canonical(plan), tmp_path, tmp_path, "tree", tuple(folds))
    (worth,) = worth_of(plan, left).to_dict("records")
    assert 0 < worth["low"] < worth["on_new_data"] < worth["high"]


def test_a_fold_without_a_score_says_nothing_of_new_data(plan: Plan, tmp_path: Path) -> None:
    auc = plan.model_copy(update={"metric": "AUC"})
    assert worth_of(auc, papers(plan, tmp_path, coins(2))).empty
