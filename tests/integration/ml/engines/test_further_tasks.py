"""What every engine promises of clustering, anomaly detection and time series."""

from dataclasses import replace
from typing import Any

import cloudpickle
import numpy as np
import pandas as pd
import pytest

from ml.engines import candidates
from ml.engines.forecaster import FittedForecaster, MomentOutOfReach
from ml.engines.port import CandidateUnknown, Engine, FitOutcome, Problem
from ml.engines.timeline import TimesRepeated
from ml.metrics import Task, metrics_of
from tests.builders.unlabelled import a_grouped, a_series

TASKS: tuple[Task, ...] = ("clustering", "anomaly_detection", "time_series")
SLOW = {"auto_arima"}
SOME: dict[tuple[str, Task], str] = {
    ("sklearn", "clustering"): "mixture",
    ("sklearn", "anomaly_detection"): "forest",
    ("sklearn", "time_series"): "forest",
    ("pycaret", "clustering"): "kmeans",
    ("pycaret", "anomaly_detection"): "iforest",
    ("pycaret", "time_series"): "rf_cds_dt",
}


def a_problem(task: Task) -> Problem:
    return a_series() if task == "time_series" else a_grouped(task)


def fit(engine: Engine, problem: Problem, candidate: str, fold: int = 1) -> FitOutcome:
    session = engine.prepare(problem)
    split = session.folds(3)[fold]
    return session.fit(candidate, split.train, split.test)


def score(outcome: FitOutcome, metric: str) -> float:
    found = outcome.scores[metric]
    assert found is not None
    return found


@pytest.mark.parametrize("task", TASKS)
def test_every_candidate_on_offer_fits_has_every_metric_and_answers(
    an_engine: Engine, engine_name: str, task: Task
) -> None:
    session = an_engine.prepare(a_problem(task))
    split = session.folds(3)[1]
    for candidate, _name in candidates(engine_name, task):
        if candidate in SLOW:
            continue
        outcome = session.fit(candidate, split.train, split.test)
        assert tuple(outcome.scores) == metrics_of(task), candidate
        assert len(outcome.predictions) == len(split.test), candidate
        fitted = session.refit(candidate)
        assert len(fitted.predict(session.example(fitted))) == 1, candidate


@pytest.mark.parametrize("task", TASKS)
def test_the_same_problem_gives_the_same_scores(an_engine: Engine, engine_name: str, task: Task) -> None:
    candidate = SOME[engine_name, task]
    first, second = (fit(an_engine, a_problem(task), candidate) for _ in range(2))
    assert first.scores == second.scores
    pd.testing.assert_frame_equal(first.predictions, second.predictions)


@pytest.mark.parametrize("task", TASKS)
def test_a_refitted_candidate_survives_pickling_and_answers_one_row_as_among_many(
    an_engine: Engine, engine_name: str, task: Task
) -> None:
    problem = a_problem(task)
    session = an_engine.prepare(problem)
    fitted = session.refit(SOME[engine_name, task])
    again: Any = cloudpickle.loads(cloudpickle.dumps(fitted))
    rows = later_rows(5) if task == "time_series" else problem.features.head(5)
    many = again.predict(rows)
    assert np.array_equal(many, fitted.predict(rows))
    if task == "time_series":
        return  # a step is foretold from those before it, whose columns one row alone does not say
    assert [again.predict(rows.iloc[[number]])[0] for number in range(5)] == many.tolist()


def later_rows(count: int) -> pd.DataFrame:
    months = pd.date_range("2007-01-01", periods=count, freq="MS")
    return pd.DataFrame({"month": months.date, "push": np.linspace(-1, 1, count), "shop": "u"})


@pytest.mark.parametrize("task", ["clustering", "anomaly_detection"])
def test_rows_kept_out_teach_nothing(an_engine: Engine, engine_name: str, task: Task) -> None:
    problem = a_grouped(task)
    session = an_engine.prepare(problem)
    split = session.folds(3)[0]
    spoilt = problem.features.copy()
    spoilt.loc[split.test[1:], ["width", "height"]] = 1e6
    outcome = session.fit(SOME[engine_name, task], split.train, split.test)
    other = an_engine.prepare(replace(problem, features=spoilt)).fit(SOME[engine_name, task], split.train, split.test)
    assert other.predictions.iloc[0].to_dict() == outcome.predictions.iloc[0].to_dict()


def test_what_comes_later_teaches_nothing(an_engine: Engine, engine_name: str) -> None:
    problem = a_series()
    session = an_engine.prepare(problem)
    split = session.folds(3)[0]
    later = problem.target.copy()
    later[np.setdiff1d(np.arange(len(later)), split.train)] = 1e9
    features = problem.features.copy()
    features.loc[np.setdiff1d(np.arange(len(later)), [*split.train, *split.test]), "push"] = 1e9
    candidate = SOME[engine_name, "time_series"]
    expected = session.fit(candidate, split.train, split.test).predictions
    spoilt = an_engine.prepare(replace(problem, target=later, features=features))
    found = spoilt.fit(candidate, split.train, split.test).predictions
    assert found["prediction"].tolist() == expected["prediction"].tolist()


def test_folds_of_a_series_come_one_after_the_other(an_engine: Engine) -> None:
    problem = a_series()
    month = problem.features["month"].to_numpy()
    for split in an_engine.prepare(problem).folds(3):
        assert len(split.test) == 4
        assert month[split.train].max() < month[split.test].min()
    assert month[split.test].max() == month.max()


def test_groups_that_are_far_apart_are_found(an_engine: Engine, engine_name: str) -> None:
    problem = a_grouped("clustering")
    found = fit(an_engine, problem, SOME[engine_name, "clustering"]).predictions
    kinds = problem.features["kind"].to_numpy()[found["row"]]
    assert found["prediction"].groupby(kinds).nunique().tolist() == [1, 1, 1]
    assert found["prediction"].nunique() == 3


def test_rows_that_could_not_be_are_told_from_those_that_are(an_engine: Engine, engine_name: str) -> None:
    outcome = fit(an_engine, a_grouped("anomaly_detection"), SOME[engine_name, "anomaly_detection"])
    assert score(outcome, "Contrast") > 0.7
    assert set(outcome.predictions["prediction"]) <= {"normal", "anomaly"}


def test_a_series_is_foretold_better_than_by_its_past(an_engine: Engine, engine_name: str) -> None:
    assert score(fit(an_engine, a_series(), SOME[engine_name, "time_series"]), "MASE") < 0.9
    alone = fit(an_engine, a_series(alone=True), SOME[engine_name, "time_series"])
    assert score(alone, "MASE") < 0.9


def test_a_forecast_lies_between_its_ends_which_part_with_the_steps(an_engine: Engine, engine_name: str) -> None:
    fitted = an_engine.prepare(a_series()).refit(SOME[engine_name, "time_series"])
    assert isinstance(fitted, FittedForecaster)
    rows = later_rows(8)
    measures, expected = fitted.measures(rows), fitted.predict(rows)
    widths = measures["high"] - measures["low"]
    assert (measures["low"] < expected).all()
    assert (expected < measures["high"]).all()
    assert (np.diff(widths) >= -1e-9).all()


def test_a_moment_that_is_known_or_too_far_is_refused_with_the_last_one(an_engine: Engine, engine_name: str) -> None:
    fitted = an_engine.prepare(a_series()).refit(SOME[engine_name, "time_series"])
    for moment in ("2006-12-01", "2199-01-01"):
        with pytest.raises(MomentOutOfReach, match="2006-12-01"):
            fitted.predict(later_rows(1).assign(month=[moment]))


def test_a_moment_twice_is_no_series(an_engine: Engine) -> None:
    problem = a_series()
    twice = problem.features.assign(month=problem.features["month"].to_numpy()[[0, *range(len(problem.features) - 1)]])
    with pytest.raises(TimesRepeated):
        an_engine.prepare(replace(problem, features=twice))


@pytest.mark.parametrize("task", TASKS)
def test_an_unknown_candidate_is_refused_with_those_on_offer(an_engine: Engine, engine_name: str, task: Task) -> None:
    with pytest.raises(CandidateUnknown, match=candidates(engine_name, task)[0][0]):
        fit(an_engine, a_problem(task), "oracle")


def test_the_rosters_are_pycaret_s_own_without_what_has_a_reason(pycaret: Engine) -> None:
    del pycaret  # sets the environment that PyCaret is imported in
    from ml.engines import pycaret as engine  # noqa: PLC0415

    left_out: dict[Task, set[str]] = {
        "clustering": set(),
        "anomaly_detection": {"cof", "sod", "sos"},
        "time_series": {"bats", "tbats", "ensemble_forecaster"},
    }
    for task, without in left_out.items():
        if task == "time_series":
            experiment = engine.forecast_experiment_of(np.tile([1.0, 5.0, 2.0, 9.0], 20), 4, seed=1)
        else:
            problem = a_grouped(task)
            experiment = engine.unlabelled_experiment_of(problem.features[["width", "height"]], problem)
        offered = {(name, model.name) for name, model in experiment._all_models_internal.items()}
        mine = set(candidates("pycaret", task))
        assert offered - mine == {(name, title) for name, title in offered if name in without}
        assert mine <= offered
