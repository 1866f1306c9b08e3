"""A script gives the scores of the race again, without this project; of every candidate, in both engines."""

import csv
import runpy
from pathlib import Path

import pytest

from contracts.ingest import Column
from ml.engines import candidates
from ml.engines.port import Engine
from ml.metrics import Task
from services.training.worker.rows import given
from tests.builders.problems import TYPES
from tests.builders.scripts import Race, run_alone

ONE = {
    ("sklearn", "classification"): "boosting",
    ("sklearn", "regression"): "forest",
    ("pycaret", "classification"): "lightgbm",
    ("pycaret", "regression"): "br",
}


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_where_the_project_cannot_be_imported_the_scores_are_the_same(
    an_engine: Engine, engine_name: str, task: Task, tmp_path: Path
) -> None:
    race = Race(an_engine, task, engine_name, tmp_path)
    folder = race.exported(ONE[engine_name, task], tmp_path / "exported")
    done = run_alone(folder / "reproduce.py")
    metrics = 7 if task == "classification" else 6
    assert f"{3 * metrics} scores compared, 0 differ by more than 1e-9" in done.stdout, done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_every_candidate_has_a_script_that_gives_its_scores(
    an_engine: Engine, engine_name: str, task: Task, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    race = Race(an_engine, task, engine_name, tmp_path)
    for candidate, _name in candidates(engine_name, task):
        folder = race.exported(candidate, tmp_path / candidate)
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(folder / "reproduce.py"), run_name="__main__")
        assert ended.value.code == 0, (candidate, capsys.readouterr().out)


def test_more_than_two_classes_are_scored_the_same(an_engine: Engine, engine_name: str, tmp_path: Path) -> None:
    known = 120 - 120 // 17  # the rest of the rows has no island
    of_islands = {"target": "island", "features": _features("island"), "rows": known}
    race = Race(an_engine, "classification", engine_name, tmp_path, **of_islands)
    candidate = {"sklearn": "forest", "pycaret": "rf"}[engine_name]
    folder = race.exported(candidate, tmp_path / "exported")
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(folder / "reproduce.py"), run_name="__main__")
    assert ended.value.code == 0


def test_a_score_that_differs_ends_it_with_1_and_is_named(an_engine: Engine, engine_name: str, tmp_path: Path) -> None:
    if engine_name == "pycaret":
        pytest.skip("what compares is the same text")
    folder = Race(an_engine, "classification", "sklearn", tmp_path).exported("logistic", tmp_path / "exported")
    lines = list(csv.reader((folder / "scores.csv").open()))
    lines[1][3] = repr(float(lines[1][3]) + 1e-8)
    with (folder / "scores.csv").open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    done = run_alone(folder / "reproduce.py")
    assert done.returncode == 1
    assert "21 scores compared, 1 differ" in done.stdout
    assert [line.split()[:2] for line in done.stdout.splitlines() if "DIFFERS" in line] == [["0", "Accuracy"]]


def _features(target: str) -> tuple[Column, ...]:
    return tuple(
        Column(name=name, type=type_, missing=0, distinct=2) for name, type_ in TYPES.items() if name != target
    )


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_folds_of_whole_groups_are_the_same_and_so_are_the_scores(
    an_engine: Engine, engine_name: str, task: Task, tmp_path: Path
) -> None:
    by_ticket = {"groups": "ticket", "features": _features("ticket")}
    race = Race(an_engine, task, engine_name, tmp_path, **by_ticket)
    tickets = given(race.plan, race.rows).problem.groups
    assert tickets is not None
    assert not any(set(tickets[split.train]) & set(tickets[split.test]) for split in race.session.folds(3))
    folder = race.exported(ONE[engine_name, task], tmp_path / "exported")
    done = run_alone(folder / "reproduce.py")
    metrics = 7 if task == "classification" else 6
    assert f"{3 * metrics} scores compared, 0 differ by more than 1e-9" in done.stdout, done.stderr
