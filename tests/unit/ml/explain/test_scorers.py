from ml.engines.sklearn import ENGINE
from ml.explain.scorers import past_of
from tests.builders.unlabelled import a_series


def test_the_past_of_a_series_is_in_time_with_a_value_for_each_step() -> None:
    problem = a_series()
    train = ENGINE.prepare(problem).folds(3)[0].train
    series, season = past_of(problem, train)
    assert series.tolist() == problem.target[train].tolist()
    assert season == 12
    with_a_gap, _season = past_of(problem, train[[0, 1, 3]])
    assert with_a_gap.tolist() == problem.target[train[[0, 1, 1, 3]]].tolist()
