"""Rows of one group stay on one side of every fold, in every engine: what knows the group gains nothing by it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from contracts.ingest import LogicalType
from ml.engines.port import Engine, Problem
from ml.metrics import Task

FOREST = {"sklearn": "forest", "pycaret": "rf"}
METRIC: dict[Task, str] = {"classification": "AUC", "regression": "R2"}
PATIENTS = 40
VISITS = 6


def patients(task: Task) -> Problem:
    """Return visits of patients, each of a temper of which the height tells nothing, but who it is."""
    random = np.random.default_rng(2)
    who = np.repeat(np.arange(PATIENTS), VISITS)
    temper = random.normal(size=PATIENTS)
    height = random.normal(170, 10, PATIENTS)
    seen = pd.DataFrame({"height": height[who]})
    types: dict[str, LogicalType] = {"height": "float"}
    number = temper[who] + random.normal(0, 0.1, len(who))
    target = (number > np.median(number)).astype(int) if task == "classification" else number
    return Problem(task, seen, types, target, seed=5)


def score(engine: Engine, engine_name: str, problem: Problem) -> float:
    session = engine.prepare(problem)
    outcomes = [session.fit(FOREST[engine_name], split.train, split.test) for split in session.folds(5)]
    found = [outcome.scores[METRIC[problem.task]] for outcome in outcomes]
    return float(np.mean([one for one in found if one is not None]))


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_no_group_is_on_both_sides_of_a_fold(an_engine: Engine, task: Task) -> None:
    problem = patients(task)
    who = np.repeat(np.arange(PATIENTS), VISITS)
    splits = an_engine.prepare(replace(problem, groups=who)).folds(5)
    assert sorted(np.concatenate([split.test for split in splits])) == list(range(len(who)))
    assert not any(set(who[split.train]) & set(who[split.test]) for split in splits)
    plain = an_engine.prepare(problem).folds(5)
    assert all(set(who[split.train]) & set(who[split.test]) for split in plain)


@pytest.mark.parametrize("task", ["classification", "regression"])
def test_what_knows_the_group_gains_by_plain_folds_and_not_by_grouped_ones(
    an_engine: Engine, engine_name: str, task: Task
) -> None:
    problem = patients(task)
    who = np.repeat(np.arange(PATIENTS), VISITS)
    nothing = 0.5 if task == "classification" else 0.0
    assert score(an_engine, engine_name, problem) > nothing + 0.4
    assert score(an_engine, engine_name, replace(problem, groups=who)) < nothing + 0.15
