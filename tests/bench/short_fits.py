"""Fits of a few milliseconds, where what the platform adds is nearly all there is: one hundred, with two workers."""

from tests.bench.race import raced

_CANDIDATES = ("dummy", "nb", "ridge", "lda")
_FOLDS = 25


def measure() -> dict[str, float]:
    """Return what the platform adds to a short fit."""
    return {f"short_fits_{name}": value for name, value in raced(2, _CANDIDATES, _FOLDS).overhead.items()}
