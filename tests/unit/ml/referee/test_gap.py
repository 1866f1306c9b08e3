import numpy as np
import pytest
from scipy import integrate, stats

from ml.referee.evidence import evidence_of
from ml.referee.gap import Gap, tally_of
from tests.builders.folds import folds_around, without_rows
from tests.builders.judging import noisy_rows


def a_gap(behind: float = 0.1, variance: float = 0.01, degrees: float = 12.0, units: int = 400) -> Gap:
    return Gap("a", folds=3, behind=behind, variance=variance, degrees=degrees, units=units)


def test_one_fold_is_compared_as_a_paired_test_compares_its_rows() -> None:
    rows = noisy_rows({"a": 0.3, "b": 0.0}, 150, seed=3)
    tally = tally_of([evidence_of({name: float(told.mean()) for name, told in rows.items()}, rows)], greater=True)
    gap = tally.gap("b", "a", splits=10, corrected=False)
    assert gap is not None
    paired = stats.ttest_rel(rows["a"], rows["b"])
    assert gap.behind / np.sqrt(gap.variance) == pytest.approx(paired.statistic)
    assert gap.degrees == paired.df
    assert gap.interval() == pytest.approx(tuple(paired.confidence_interval()))


def test_the_correction_grows_with_the_folds_as_nadeau_and_bengio_have_it() -> None:
    folds = folds_around({"a": 0.3, "b": 0.0}, 10)
    for count in (1, 2, 9):
        tally = tally_of(folds[:count], greater=True)
        plain, corrected = (tally.gap("b", "a", 10, corrected=corrected) for corrected in (False, True))
        assert plain is not None
        assert corrected is not None
        assert corrected.variance / plain.variance == pytest.approx(1 + count / 9)


def test_a_learner_that_varies_by_its_training_rows_is_seen_by_its_folds() -> None:
    random = np.random.default_rng(5)
    rows = [noisy_rows({"a": 0.0, "b": float(shift)}, 200, seed) for seed, shift in enumerate(random.normal(0, 3, 6))]
    folds = [evidence_of({name: float(told.mean()) for name, told in fold.items()}, fold) for fold in rows]
    gap = tally_of(folds, greater=True).gap("b", "a", 10, corrected=False)
    assert gap is not None
    differences = [fold.scores[0] - fold.scores[1] for fold in folds]
    assert gap.variance == pytest.approx(np.var(differences, ddof=1) / 6)


def test_without_rows_fold_means_are_compared_from_three_folds_on() -> None:
    folds = without_rows(folds_around({"a": 0.5, "b": 0.0}, 4))
    assert tally_of(folds[:2], greater=True).gap("b", "a", 10) is None
    gap = tally_of(folds, greater=True).gap("b", "a", 10, corrected=False)
    assert gap is not None
    paired = stats.ttest_rel([fold.scores[0] for fold in folds], [fold.scores[1] for fold in folds])
    assert (gap.behind / np.sqrt(gap.variance), gap.degrees) == (pytest.approx(paired.statistic), 3)


def test_of_an_error_the_smaller_one_leads() -> None:
    tally = tally_of(folds_around({"a": 3.0, "b": 1.0}, 2), greater=False)
    gap = tally.gap("a", "b", 10)
    assert tally.leader == "b"
    assert gap is not None
    assert gap.behind == pytest.approx(2.0, abs=0.2)


def test_among_equals_the_first_of_the_plan_leads() -> None:
    assert tally_of([evidence_of({"b": 0.5, "a": 0.5})], greater=True).leader == "b"


def test_nobody_who_raced_all_folds_is_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="nothing to compare"):
        tally_of([evidence_of({"a": 0.5}), evidence_of({"b": 0.5})], greater=True)


@pytest.mark.parametrize("behind", [-0.2, 0.0, 0.03, 0.4])
def test_the_shares_are_areas_under_the_posterior(behind: float) -> None:
    gap, posterior = a_gap(behind), stats.t(df=12.0, loc=behind, scale=0.1)
    better, same, worse = gap.shares(0.05)
    assert better == pytest.approx(integrate.quad(posterior.pdf, -50, -0.05, points=[behind])[0], abs=1e-7)
    assert same == pytest.approx(integrate.quad(posterior.pdf, -0.05, 0.05)[0], abs=1e-7)
    assert better + same + worse == pytest.approx(1)


def test_alike_to_the_last_row_is_the_same_for_sure() -> None:
    assert a_gap(behind=0.0, variance=0.0).shares(0.01) == (0.0, 1.0, 0.0)
    assert a_gap(behind=0.2, variance=0.0).shares(0.01) == (0.0, 0.0, 1.0)


def test_as_many_rows_as_it_says_would_just_tell() -> None:
    gap = a_gap(behind=0.05, variance=0.01, degrees=1e6, units=400)
    wanted = gap.units_to_tell(2.41)
    assert wanted is not None
    assert not gap.reaches(2.41)
    for units, tells in ((wanted * 1.01, True), (wanted * 0.99, False)):
        assert a_gap(behind=0.05, variance=0.01 * 400 / units, degrees=1e6).reaches(2.41) is tells


def test_no_number_of_rows_tells_what_is_the_same() -> None:
    assert a_gap(behind=0.0).units_to_tell(2.41) is None
