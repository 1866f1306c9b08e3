"""Preprocessing learns from a fold's training rows only; the check that says so catches a session that does not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from contracts.ingest import LogicalType
from ml.engines.judges import Fold
from ml.engines.port import Engine, Problem
from ml.engines.session import RecipeSession
from ml.metrics import Task

ROWS = 300
LINEAR = {
    ("sklearn", "classification"): "logistic",
    ("sklearn", "regression"): "ridge",
    ("pycaret", "classification"): "lr",
    ("pycaret", "regression"): "ridge",
}
"""Candidates that any change of the numbers before them moves."""

Positions = npt.NDArray[np.intp]
Spoil = Callable[[Problem, Positions], Problem]
SessionOf = Callable[[Problem], RecipeSession]


class Leaking(RecipeSession):
    """A session whose preprocessing learns from every row, as a pipeline does that is fitted before the split."""

    @classmethod
    def of(cls, honest: RecipeSession) -> "Leaking":
        return cls(honest._recipe, honest._intake, honest._judge, honest._problem)

    def _preprocessed(self, train: bytes, test: bytes) -> Fold:
        fold = super()._preprocessed(train, test)
        features, taught = self._recipe.features, self._recipe.preprocessing()
        taught.fit_transform(features, self._recipe.target)
        rows = (features.iloc[np.frombuffer(part, dtype=np.intp)] for part in (train, test))
        trained, asked = (taught.transform(part) for part in rows)
        return replace(fold, train=trained, test=asked)


def a_problem(task: Task) -> Problem:
    """Return rows with gaps, with words of few levels, and with codes of many, of which the last ones are rare."""
    random = np.random.default_rng(11)
    code = np.where(random.random(ROWS) < 0.7, random.integers(0, 24, ROWS), random.integers(24, 40, ROWS))
    size = random.normal(size=ROWS)
    frame = pd.DataFrame(
        {
            "size": size,
            "kind": random.choice(np.array(["x", "y", "z"], dtype=object), ROWS),
            "code": np.array([f"c{number:02}" for number in code], dtype=object),
        }
    )
    frame.loc[::9, "size"] = np.nan
    frame.loc[::7, "kind"] = None
    types: dict[str, LogicalType] = {"size": "float", "kind": "string", "code": "string"}
    target = size + 0.3 * (code % 3) + random.normal(size=ROWS)
    return Problem(task, frame, types, (target > 0.3).astype(int) if task == "classification" else target, seed=5)


def _numbers(problem: Problem, rows: Positions) -> Problem:
    features = problem.features.copy()
    features.loc[rows, "size"] = 1000.0
    return replace(problem, features=features)


def _words(problem: Problem, rows: Positions) -> Problem:
    features = problem.features.copy()
    features.loc[rows, ["kind", "code"]] = ["w", "c39"]
    return replace(problem, features=features)


def _target(problem: Problem, rows: Positions) -> Problem:
    target = problem.target.copy()
    target[rows] = 1 - target[rows] if problem.task == "classification" else 1000.0
    return replace(problem, target=target)


LEARNT: dict[str, tuple[Spoil, tuple[str, ...]]] = {
    "imputed and scaled numbers": (_numbers, ("sklearn", "pycaret")),
    "imputed words and rare levels": (_words, ("sklearn", "pycaret")),
    # Only PyCaret's default steps look at the target: many levels become the mean of the target.
    "levels encoded by the target": (_target, ("pycaret",)),
}


def leaks(session_of: SessionOf, task: Task, candidate: str, spoil: Spoil) -> bool:
    """Return whether what is kept out moves the answer to another row that is kept out."""
    problem = a_problem(task)
    split = session_of(problem).folds(3)[0]
    asked = split.test[:1]
    # The row that is asked about lacks what would be imputed, and has a rare level.
    features = problem.features.copy()
    features.loc[asked, ["size", "kind", "code"]] = [np.nan, None, "c39"]
    problem = replace(problem, features=features)
    before, after = (
        session_of(given).fit(candidate, split.train, split.test).predictions.iloc[0].drop("truth")
        for given in (problem, spoil(problem, split.test[1:]))
    )
    return not before.equals(after)


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("learnt", LEARNT)
def test_nothing_is_learnt_from_rows_kept_out(an_engine: Engine, engine_name: str, task: Task, learnt: str) -> None:
    spoil, _engines = LEARNT[learnt]
    assert not leaks(lambda problem: honest(an_engine, problem), task, LINEAR[engine_name, task], spoil)


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("learnt", LEARNT)
def test_a_session_that_learns_from_every_row_is_caught(
    an_engine: Engine, engine_name: str, task: Task, learnt: str
) -> None:
    spoil, engines = LEARNT[learnt]
    caught = leaks(lambda problem: Leaking.of(honest(an_engine, problem)), task, LINEAR[engine_name, task], spoil)
    assert caught is (engine_name in engines)


def test_codes_that_stand_for_the_target_gain_nothing(an_engine: Engine, engine_name: str) -> None:
    random = np.random.default_rng(3)
    target = random.integers(0, 2, ROWS)
    # Each code twice, always with the same target: who encodes before the split knows the answer.
    codes = np.repeat(np.arange(ROWS // 2), 2)
    target = np.repeat(target[: ROWS // 2], 2)
    frame = pd.DataFrame({"code": [f"c{number}" for number in codes], "noise": random.normal(size=ROWS)})
    problem = Problem("classification", frame, {"code": "string", "noise": "float"}, target, seed=5)
    alone = np.array([*range(0, ROWS, 2)]), np.array([*range(1, ROWS, 2)])
    unseen = alone[0][:100], alone[1][100:]
    candidate = LINEAR[engine_name, "classification"]
    found: Any = honest(an_engine, problem).fit(candidate, *unseen).scores["AUC"]
    assert 0.35 < found < 0.65
    if engine_name == "pycaret":
        leaked: Any = Leaking.of(honest(an_engine, problem)).fit(candidate, *unseen).scores["AUC"]
        assert leaked > 0.75


def honest(engine: Engine, problem: Problem) -> RecipeSession:
    session = engine.prepare(problem)
    assert isinstance(session, RecipeSession)
    return session
