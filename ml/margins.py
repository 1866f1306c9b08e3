"""The difference that is the same for practice, for each metric in its own scale."""

_SHARE = 0.005
_OF_AN_ERROR = 0.005
_SQUARED = frozenset({"MSE"})
_RELATIVE = frozenset({"MAE", "RMSE", "RMSLE", "MAPE", "MASE", "RMSSE", "SMAPE", "Calinski-Harabasz", "Davies-Bouldin"})


def margin_of(metric: str, leader: float) -> float:
    """Return the margin beside a leader with this score.

    Metrics that are shares, or lie between 0 and 1 as they do, have 0.005. Errors have half a hundredth of the
    leader's, and squared errors twice that, so that RMSE and MSE call the same candidates alike. So does R2: a fixed
    0.005 would call very different errors alike where the leader leaves little unexplained.

    >>> margin_of("AUC", 0.9), margin_of("RMSE", 200.0), margin_of("R2", 0.98)
    (0.005, 1.0, 0.0002)
    """
    if metric == "R2":
        return round(min(_SHARE, 2 * _OF_AN_ERROR * abs(1 - leader)), 12)
    if metric in _SQUARED:
        return 2 * _OF_AN_ERROR * abs(leader)
    return _OF_AN_ERROR * abs(leader) if metric in _RELATIVE else _SHARE
