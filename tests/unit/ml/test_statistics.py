import pytest
from scipy import stats

from ml.statistics import Estimate, estimate

SCORES = [0.70, 0.72, 0.74, 0.71, 0.73]


def test_the_interval_is_the_plain_one_widened_by_the_shared_training_rows() -> None:
    plain_low, _ = stats.t.interval(0.95, 4, loc=0.72, scale=stats.sem(SCORES))
    found = estimate(SCORES, folds=5)
    assert found.low is not None
    widened = (0.72 - found.low) / (0.72 - plain_low)
    assert widened == pytest.approx(((1 / 5 + 1 / 4) / (1 / 5)) ** 0.5)


def test_the_interval_is_symmetric_about_the_mean() -> None:
    found = estimate(SCORES, folds=10)
    assert found.low is not None
    assert found.high is not None
    assert found.mean - found.low == pytest.approx(found.high - found.mean)


def test_two_scores_have_a_mean_but_no_interval() -> None:
    assert estimate([0.5, 0.75], folds=5) == Estimate(0.625, None, None)


def test_equal_scores_have_an_interval_of_no_width() -> None:
    assert estimate([0.5, 0.5, 0.5], folds=5) == Estimate(0.5, 0.5, 0.5)


@pytest.mark.parametrize("scores", [[], [0.1] * 6])
def test_no_score_or_more_scores_than_folds_are_refused(scores: list[float]) -> None:
    with pytest.raises(ValueError, match="5 folds"):
        estimate(scores, folds=5)
