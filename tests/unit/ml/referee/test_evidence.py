import numpy as np
import pytest

from ml.referee.evidence import evidence_of, shared
from tests.builders.judging import noisy_rows


def test_products_are_an_unbiased_covariance_times_the_rows() -> None:
    rows = noisy_rows({"a": 0.0, "b": 1.0, "c": 2.0}, 50, seed=1)
    seen = evidence_of({name: float(told.mean()) for name, told in rows.items()}, rows)
    assert seen.products == pytest.approx(np.cov(np.array(list(rows.values()))) * 50)
    assert (seen.rows, seen.units) == (50, 50)


def test_rows_of_a_group_are_one_witness() -> None:
    rows = {"a": np.array([1.0, 1.0, 0.0, 0.0, 1.0, 1.0])}
    seen = evidence_of({"a": 4 / 6}, rows, groups=np.array([7, 7, 3, 3, 9, 9]))
    sums = np.array([2 / 3, -4 / 3, 2 / 3])
    assert (seen.rows, seen.units) == (6, 3)
    assert seen.products == pytest.approx(np.array([[np.square(sums).sum() * 3 / 2]]))


def test_groups_of_one_row_are_no_groups() -> None:
    rows = noisy_rows({"a": 0.0, "b": 1.0}, 20, seed=2)
    scores = {name: float(told.mean()) for name, told in rows.items()}
    alone, grouped = evidence_of(scores, rows), evidence_of(scores, rows, groups=np.arange(20))
    assert grouped.products == pytest.approx(alone.products)


def test_the_heaviest_rows_are_kept_by_their_weight() -> None:
    seen = evidence_of({"a": 0.0}, {"a": np.array([-10.0, 10.0, 0.0, 0.0])})
    assert seen.heaviest is not None
    assert seen.heaviest[0] == pytest.approx([400 / 3, 400 / 3, 0, 0, 0])


def test_a_fold_without_rows_has_its_scores_only() -> None:
    seen = evidence_of({"a": 0.5, "b": 0.6})
    assert (seen.units, seen.products) == (0, None)
    assert seen.scores.tolist() == [0.5, 0.6]


def test_shared_are_those_that_have_raced_all_folds() -> None:
    folds = [evidence_of(dict.fromkeys(names, 0.5)) for names in ("abcd", "acd", "dc")]
    assert shared(folds) == ("c", "d")
