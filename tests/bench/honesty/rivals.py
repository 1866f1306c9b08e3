"""Other ways to retire, which know fold means only; made again from how their tools describe and do it.

Each takes scores by fold and candidate, (folds, C), the greater the better and in the order in which the folds are
raced, and returns whom it retires.
"""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit
from scipy.stats import wilcoxon

Numbers = npt.NDArray[Any]

_ALPHA = 0.05
_BURN_IN = 3
"""Folds before the first look."""
_WILCOXON_P = 0.1
_WILCOXON_FOLDS = 2


@dataclass(frozen=True)
class Out:
    """One candidate is retired."""

    folds: int
    """It has raced so many."""
    by: int
    """The place of whom it was compared with."""
    margin: float = 0.0
    """It is said to be at most so much better; the rivals say that it is worse."""


Rival = Callable[[Numbers], Mapping[int, Out]]


def paired_t(scores: Numbers) -> Mapping[int, Out]:
    """Retire who is behind the leader by a paired t-test of 5 %, two-sided, anew after every fold from the third on."""

    def is_beaten(seen: Numbers) -> Numbers:
        differences = seen[:, [seen.mean(axis=0).argmax()]] - seen
        errors = differences.std(axis=0, ddof=1) / sqrt(len(seen))
        return np.asarray(differences.mean(axis=0) > stdtrit(len(seen) - 1, 1 - _ALPHA / 2) * errors)

    return _raced(scores, is_beaten)


def anova(scores: Numbers) -> Mapping[int, Out]:
    """Retire as finetune's ``tune_race_anova`` does: one mixed model of all that are live, with a random fold.

    For whole folds its residual variance has a closed form, and the test is Wald's: normal, 5 %, two-sided.
    """

    def is_beaten(seen: Numbers) -> Numbers:
        folds, candidates = seen.shape
        means = seen.mean(axis=0)
        of_folds = seen.mean(axis=1, keepdims=True) - seen.mean()
        rest, between = float(np.square(seen - means - of_folds).sum()), candidates * float(np.square(of_folds).sum())
        freedom = (folds - 1) * (candidates - 1)
        # Where folds differ by less than chance their variance is 0, and what they differ by is part of the rest.
        variance = min(rest / freedom, (rest + between) / (freedom + folds - 1))
        return np.asarray(means.max() - means > float(ndtri(1 - _ALPHA / 2)) * sqrt(2 * variance / folds))

    return _raced(scores, is_beaten)


def wilcoxon_pruner(scores: Numbers) -> Mapping[int, Out]:
    """Retire as Optuna's ``WilcoxonPruner`` does: one candidate after the other, each beside the best that finished."""
    best, out = 0, {}
    for candidate in range(1, scores.shape[1]):
        for folds in range(_WILCOXON_FOLDS, len(scores)):
            mine, theirs = scores[:folds, candidate], scores[:folds, best]
            is_ahead = scores[:, best].mean() <= mine.mean()
            if not is_ahead and _wilcoxon_p(mine - theirs) < _WILCOXON_P:
                out[candidate] = Out(folds, best)
                break
        if candidate not in out and scores[:, candidate].mean() > scores[:, best].mean():
            best = candidate
    return out


RIVALS: Mapping[str, Rival] = MappingProxyType(
    {"paired_t": paired_t, "anova": anova, "wilcoxon_pruner": wilcoxon_pruner}
)
"""By name."""


def _wilcoxon_p(differences: Numbers) -> float:
    with warnings.catch_warnings():  # of few folds, or of equal ones
        warnings.simplefilter("ignore")
        return float(wilcoxon(differences, alternative="less", zero_method="zsplit").pvalue)


def _raced(scores: Numbers, is_beaten: Callable[[Numbers], Numbers]) -> Mapping[int, Out]:
    live = np.arange(scores.shape[1])
    out: dict[int, Out] = {}
    for folds in range(_BURN_IN, len(scores)):
        if len(live) < 2:
            break
        seen = scores[:folds, live]
        gone = is_beaten(seen)
        leader = int(live[seen.mean(axis=0).argmax()])
        out |= {int(place): Out(folds, leader) for place in live[gone]}
        live = live[~gone]
    return out
