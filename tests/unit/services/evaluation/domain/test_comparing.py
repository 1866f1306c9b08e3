from collections.abc import Sequence
from typing import Any

import pytest

from contracts.evaluation import CandidatesCompared
from contracts.ids import CandidateId
from contracts.training import Forecast
from ml.comparisons import corrected_t, correlated_t, friedman, holm, nemenyi
from services.evaluation.domain.comparing import compared
from tests.builders.judging import Raced, raced

LOGISTIC = (0.81, 0.79, 0.84, 0.80, 0.77)
TREE = (0.80, 0.79, 0.81, 0.79, 0.78)
DUMMY = (0.5, 0.5, 0.5, 0.5, 0.5)


def answer(*races: Raced, candidates: Sequence[str] = (), test: str | None = None) -> CandidatesCompared:
    return compared([race.board for race in races], [CandidateId(name) for name in candidates], test)


def pairs_of(told: CandidatesCompared) -> list[tuple[str, str]]:
    return [(pair.first, pair.second) for pair in told.pairs]


def test_two_candidates_of_one_race_are_compared_on_their_folds_by_both_t_tests() -> None:
    told = answer(raced({"tree": TREE, "logistic": LOGISTIC}))
    assert told.tests == ("correlated_t", "corrected_t")
    assert "same folds" in told.said
    assert (told.metric, told.caveat, told.datasets, told.margin) == ("AUC", None, 1, 0.005)
    (pair,) = told.pairs
    found = corrected_t(LOGISTIC, TREE, test_share=1 / 5)
    shares = correlated_t(LOGISTIC, TREE, margin=0.005, test_share=1 / 5)
    assert (pair.first, pair.second, pair.folds) == ("logistic", "tree", 5)
    assert (pair.difference, pair.low, pair.high) == (found.mean, found.low, found.high)
    assert (pair.statistic, pair.p_value, pair.corrected) == (found.statistic, found.p_value, None)
    assert (pair.better, pair.same, pair.worse) == (shares.better, shares.same, shares.worse)


def test_many_pairs_stand_best_first_and_their_p_values_are_corrected_together() -> None:
    told = answer(raced({"dummy": DUMMY, "tree": TREE, "logistic": LOGISTIC}))
    assert pairs_of(told) == [("logistic", "tree"), ("logistic", "dummy"), ("tree", "dummy")]
    expected = holm([pair.p_value for pair in told.pairs])
    assert [pair.corrected for pair in told.pairs] == expected.tolist()


def test_an_error_is_compared_in_its_own_scale_and_the_smaller_is_the_better() -> None:
    errors = {"tree": (3.0, 3.2, 3.1), "logistic": (2.0, 2.1, 2.3)}
    told = answer(raced(errors, metric="RMSE", task="regression"))
    (pair,) = told.pairs
    assert pair.first == "logistic"
    assert pair.difference == pytest.approx(-2.9 / 3)
    assert pair.low is not None
    assert pair.high is not None
    assert pair.low < pair.difference < pair.high
    assert pair.statistic is not None
    assert pair.statistic > 0
    assert pair.better is not None
    assert pair.better > 0.9
    assert told.margin == pytest.approx(0.005 * 6.4 / 3)


def test_a_difference_that_never_varies_has_no_statistic_since_none_is_finite() -> None:
    told = answer(raced({"tree": (0.75, 0.75, 0.75), "dummy": (0.5, 0.5, 0.5)}))
    (pair,) = told.pairs
    assert (pair.statistic, pair.p_value, pair.better) == (None, 0.0, 1.0)
    assert CandidatesCompared.model_validate_json(told.model_dump_json()) == told


def test_the_margin_is_that_of_the_plan() -> None:
    told = answer(raced({"tree": TREE, "logistic": LOGISTIC}, margin=0.5))
    assert told.margin == 0.5
    assert told.pairs[0].same == pytest.approx(1.0)


def test_who_lost_a_fold_is_compared_only_if_named_and_only_on_the_folds_that_both_have() -> None:
    torn = (0.82, None, 0.85, 0.81, 0.79)
    race = raced({"tree": torn, "logistic": LOGISTIC, "dummy": DUMMY})
    assert pairs_of(answer(race)) == [("logistic", "dummy")]
    (pair,) = answer(race, candidates=("tree", "logistic")).pairs
    assert (pair.first, pair.second, pair.folds) == ("logistic", "tree", 4)
    assert pair.difference == pytest.approx((0.81 + 0.84 + 0.80 + 0.77 - 0.82 - 0.85 - 0.81 - 0.79) / 4)


def test_candidates_of_two_races_on_the_same_folds_are_compared_as_if_they_were_of_one() -> None:
    apart = answer(raced({"tree": TREE}, "exp-1"), raced({"logistic": LOGISTIC}, "exp-2"))
    assert apart == answer(raced({"tree": TREE, "logistic": LOGISTIC}))


def five_races(**plan: Any) -> list[Raced]:
    return [
        raced(
            {"dummy": (0.5, 0.5), "tree": (0.7, 0.6 + n / 10), "lr": (0.8, 0.79)}, f"exp-{n}", dataset=f"d{n}", **plan
        )
        for n in range(5)
    ]


def test_candidates_on_five_datasets_are_compared_by_their_ranks() -> None:
    races = five_races()
    told = answer(*races)
    assert told.tests == ("friedman", "nemenyi")
    assert (told.datasets, told.margin) == (5, None)
    means = [[0.5, (1.3 + n / 10) / 2, 0.795] for n in range(5)]
    ranking = friedman(means)
    apart = nemenyi(ranking)
    by_name = dict(zip(("dummy", "tree", "lr"), ranking.mean_ranks, strict=True))
    assert [(each.candidate, each.mean_rank) for each in told.ranks] == sorted(
        by_name.items(), key=lambda each: each[1]
    )
    assert (told.p_value, told.critical_difference) == (ranking.p_value, apart.critical_difference)
    best = told.pairs[0]
    assert (best.first, best.second) == (told.ranks[0].candidate, told.ranks[1].candidate)
    assert best.difference == pytest.approx(by_name[best.first] - by_name[best.second])
    assert (best.folds, best.low, best.statistic, best.corrected, best.better) == (None, None, None, None, None)


def test_an_error_ranks_first_where_it_is_smallest() -> None:
    assert answer(*five_races(metric="RMSE", task="regression")).ranks[0].candidate == "dummy"


def test_over_several_datasets_those_are_compared_who_are_whole_on_each() -> None:
    races = five_races()
    races[2] = raced({"dummy": (0.5, 0.5), "lr": (0.8, 0.7), "tree": (0.6, 0.6), "nb": (0.6, 0.6)}, dataset="d2")
    assert {each.candidate for each in answer(*races).ranks} == {"dummy", "tree", "lr"}


def test_the_rows_of_a_series_are_those_that_were_foretold() -> None:
    series: dict[str, Any] = {"metric": "MASE", "task": "time_series"}
    scores = {"naive": (1.0, 1.1, 1.2), "ets": (0.8, 0.9, 0.7)}
    told = answer(raced(scores, forecast=Forecast(time="month", horizon=40), **series))
    assert told.caveat is not None
    assert "take the answer as a hint" in told.caveat
    with pytest.raises(Exception, match="scored on 36 rows"):
        answer(raced(scores, forecast=Forecast(time="month", horizon=12), **series))
