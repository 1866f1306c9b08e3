import pytest

from ml.margins import margin_of
from ml.metrics import METRICS


@pytest.mark.parametrize("metric", sorted({metric for metrics in METRICS.values() for metric in metrics}))
def test_every_metric_has_a_margin(metric: str) -> None:
    assert margin_of(metric, 0.5) > 0


def test_rmse_mse_and_r2_call_the_same_candidates_alike() -> None:
    variance, leader, other = 100.0, 4.0, 4.0 * 1.005
    r2, other_r2 = (1 - error**2 / variance for error in (leader, other))
    assert other - leader == pytest.approx(margin_of("RMSE", leader))
    assert other**2 - leader**2 == pytest.approx(margin_of("MSE", leader**2), rel=0.01)
    assert r2 - other_r2 == pytest.approx(margin_of("R2", r2), rel=0.01)


def test_the_margin_of_r2_is_never_more_than_that_of_a_share() -> None:
    assert margin_of("R2", -3.0) == 0.005
