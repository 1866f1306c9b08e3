import numpy as np
import pytest

from ml.referee.evidence import evidence_of
from ml.referee.judgment import judged, weight_of_few
from tests.builders.folds import folds_around, terms, without_rows

MEANS = {"a": 1.0, "b": 0.999, "c": 0.0}


def test_the_leader_is_tied_with_whom_it_cannot_be_told_apart_from() -> None:
    judgment = judged(folds_around(MEANS, 10), tuple(MEANS), terms(rule=None))
    assert judgment is not None
    assert judgment.is_judged
    assert {judgment.leader, *judgment.tied} == {"a", "b"}
    assert judgment.gaps["c"].reaches(judgment.errors)


def test_nothing_is_said_before_the_first_fold_or_of_nobody() -> None:
    assert judged([], ("a",), terms()) is None
    assert judged(folds_around(MEANS, 1), (), terms()) is None


def test_nothing_is_claimed_on_fewer_than_a_hundred_rows() -> None:
    few, enough = (judged(folds_around(MEANS, 1, rows=rows), tuple(MEANS), terms()) for rows in (99, 100))
    assert few is not None
    assert enough is not None
    assert (few.is_judged, enough.is_judged) == (False, True)


def test_fold_means_are_judged_from_three_folds_on() -> None:
    folds = without_rows(folds_around(MEANS, 3))
    two, three = (judged(folds[:count], tuple(MEANS), terms()) for count in (2, 3))
    assert two is not None
    assert three is not None
    assert (two.is_judged, three.is_judged) == (False, True)


def test_a_score_that_hangs_on_few_rows_is_seen() -> None:
    even = np.random.default_rng(1).normal(size=500)
    odd = even.copy()
    odd[7] = 1000.0
    folds = [evidence_of({"even": float(even.mean()), "odd": float(odd.mean())}, {"even": even, "odd": odd})] * 2
    light, heavy = weight_of_few(folds, "even"), weight_of_few(folds, "odd")
    assert light is not None
    assert light < 0.1
    assert heavy == pytest.approx(1.0, abs=0.01)
    assert weight_of_few(without_rows(folds), "odd") is None
