"""Which candidates are ensembles: many models that answer as one, and so cost as much to serve.

The engines' own names are written down here, because a client of the platform imports none of its mathematics; a test
compares them with the rosters of ``ml.engines``.
"""

_ENSEMBLES = frozenset(
    {"rf", "et", "gbc", "gbr", "ada", "lightgbm", "xgboost", "catboost", "iforest", "forest", "boosting"}
)
_FORECASTER = "_cds_dt"
"""How PyCaret's forecasters end that ask a regressor."""


def is_ensemble(candidate: str) -> bool | None:
    """Return whether a candidate is an ensemble; None if it is a person's own class, of which that is not known.

    >>> [is_ensemble(name) for name in ("rf", "rf_cds_dt", "boosting", "tree", "acme.models:Booster")]
    [True, True, True, False, None]
    """
    return None if ":" in candidate else candidate.removesuffix(_FORECASTER) in _ENSEMBLES
