import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint

from ml.report.intervals import over_folds, wilson
from ml.statistics import estimate


@pytest.mark.parametrize(("hits", "rows"), [(0, 10), (3, 7), (10, 10), (812, 5000), (1, 1)])
def test_wilson_s_interval_is_that_of_statsmodels(hits: int, rows: int) -> None:
    low, high = wilson(hits, rows)
    assert (float(low), float(high)) == pytest.approx(proportion_confint(hits, rows, method="wilson"), abs=1e-12)
    assert low <= hits / rows <= high


def test_no_rows_have_no_interval() -> None:
    assert np.isnan(wilson(0, 0)).all()


def test_each_column_is_estimated_over_its_folds_and_cut_where_nothing_can_lie() -> None:
    values = np.array([[0.5, 0.99], [0.6, 1.0], [0.4, 0.97]])
    table = over_folds(values, 3, least=0, most=1)
    first = estimate([0.5, 0.6, 0.4], 3)
    assert table.iloc[0].tolist() == pytest.approx([first.mean, first.low, first.high])
    assert table["high"].iloc[1] == 1


def test_two_folds_have_a_mean_and_no_interval() -> None:
    table = over_folds(np.array([[0.5], [0.7]]), 2)
    assert table["mean"].tolist() == pytest.approx([0.6])
    assert table[["low", "high"]].isna().all(axis=None)
