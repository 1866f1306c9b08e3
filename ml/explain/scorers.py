"""How well a fitted pipeline does on a fold's rows, by the metrics of the race, when it is shown other values."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ml.answers import ranking_of
from ml.engines.forecasting import every_step, season_of
from ml.engines.judges import AnomalyJudge
from ml.engines.port import Problem
from ml.engines.timeline import Timeline
from ml.scoring import (
    Numbers,
    Scores,
    score_anomalies,
    score_classification,
    score_clustering,
    score_regression,
    score_time_series,
)
from ml.splits import Split

Scorer = Callable[[pd.DataFrame], Scores]
"""Takes the rows kept out, in their order, with any values; gives every metric as the race does."""


def scorer_of(problem: Problem, fitted: Any, split: Split) -> Scorer:
    """Return the scorer of a pipeline that was fitted on a fold's training rows, on the rows kept out.

    Where there is no target, the rows stay what they are and only what the pipeline is shown changes: groups are judged
    by the distances between the true rows, and unusual rows against made-up ones that stay the same.

    Args:
        problem: what the race asks.
        fitted: a pipeline of ``ml.engines``.
        split: which rows the pipeline was fitted on, and which are scored; these may be fewer than the fold's.
    """
    if problem.task == "clustering":
        return _of_groups(fitted, problem.features.iloc[split.test])
    if problem.task == "anomaly_detection":
        return _of_anomalies(problem, fitted, split)
    if problem.task == "time_series":
        return _of_forecasts(problem, fitted, split)
    truth = problem.target[split.test]
    if problem.task == "regression":
        return lambda shown: score_regression(truth.astype(float), fitted.predict(shown))
    return _of_classes(fitted, truth)


def _of_classes(fitted: Any, truth: Numbers) -> Scorer:
    classes = pd.Index(fitted.classes_)
    codes = classes.get_indexer(pd.Index(truth))

    def score(shown: pd.DataFrame) -> Scores:
        predicted = classes.get_indexer(pd.Index(fitted.predict(shown)))
        probabilities = fitted.predict_proba(shown) if fitted.gives_probabilities else None
        decision = fitted.decision_function(shown) if fitted.gives_decisions else None
        return score_classification(codes, predicted, ranking_of(probabilities, decision, len(classes)), len(classes))

    return score


def _of_groups(fitted: Any, rows: pd.DataFrame) -> Scorer:
    matrix = np.asarray(fitted.prepared(rows), dtype=float)
    labels = pd.Index(fitted.classes_)
    noise = int(labels.get_indexer(["Noise"])[0]) if "Noise" in labels else None
    return lambda shown: score_clustering(matrix, labels.get_indexer(pd.Index(fitted.predict(shown))), noise)


def _of_anomalies(problem: Problem, fitted: Any, split: Split) -> Scorer:
    train, test = (fitted.intake.apply(problem.features.iloc[rows]) for rows in (split.train, split.test))
    made_up = AnomalyJudge(problem.seed, problem.anomalies).made_up(train, test)
    shuffled, uniform = (fitted.estimator.anomaly_score(fitted.preprocessing.transform(rows)) for rows in made_up)

    def score(shown: pd.DataFrame) -> Scores:
        flagged = float((fitted.predict(shown) == "anomaly").mean())
        return score_anomalies(fitted.measures(shown)["score"], shuffled, uniform, flagged, problem.anomalies)

    return score


def _of_forecasts(problem: Problem, fitted: Any, split: Split) -> Scorer:
    past, season = past_of(problem, split.train)
    truth = problem.target[split.test].astype(float)
    return lambda shown: score_time_series(truth, fitted.predict(shown), past, season)


def past_of(problem: Problem, train: Numbers) -> tuple[Numbers, int]:
    """Return the series of some rows of a time series, a value for each step, and the steps of its season."""
    assert problem.forecast is not None
    moments = problem.features[problem.forecast.time]
    timeline = Timeline.learn(problem.forecast.time, moments)
    steps = timeline.steps(moments.iloc[train])
    values = pd.Series(problem.target[train].astype(float))
    series: Numbers = every_step(values, steps - steps[0]).to_numpy()
    return series, season_of(problem.forecast, timeline, len(series))
