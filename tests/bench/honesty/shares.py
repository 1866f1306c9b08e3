"""A share of replays, with its interval: replays of one race say nearly the same, and count as one, not as many."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

_NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Share:
    """How often something was so."""

    share: float
    low: float
    """Lower end of the 95 % interval."""
    high: float
    replays: int
    clusters: int

    def __str__(self) -> str:
        return f"{100 * self.share:.1f} [{100 * self.low:.1f}, {100 * self.high:.1f}]"


def share_of(values: Sequence[bool], clusters: Sequence[Hashable]) -> Share:
    """Return the share of ``values`` that are true, with Wilson's interval (1927) for as many as they are worth.

    What they are worth is how many independent ones would vary as much as they do from cluster to cluster (the design
    effect of Kish, 1965). Where all are alike nothing varies, and each cluster is taken for one.

    Args:
        values: at least one.
        clusters: to which cluster each belongs.

    >>> print(share_of([True, False, False, False], clusters=["a", "b", "c", "d"]))
    25.0 [4.6, 69.9]
    >>> print(share_of([True, True, False, False], clusters=["a", "a", "b", "b"]))
    50.0 [9.5, 90.5]
    """
    _, places = np.unique(np.array([str(cluster) for cluster in clusters]), return_inverse=True)
    counts, true = np.bincount(places).astype(float), np.bincount(places, weights=values)
    total, share = float(counts.sum()), float(true.sum() / counts.sum())
    spread = share * (1 - share)
    worth = float(len(counts))
    if spread:
        variance = float(np.square(true - share * counts).sum()) / total**2
        worth = min(total, spread / variance) if variance else total
    return Share(share, *_wilson(share, worth), len(values), len(counts))


def _wilson(share: float, count: float) -> tuple[float, float]:
    square = _NORMAL_95**2 / count
    middle = (share + square / 2) / (1 + square)
    reach = sqrt(square * share * (1 - share) + square**2 / 4) / (1 + square)
    return max(0.0, middle - reach), min(1.0, middle + reach)
