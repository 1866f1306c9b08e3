"""Many candidates on many datasets: Friedman's test of their ranks, and Nemenyi's of which ranks differ.

Demsar (2006, Statistical comparisons of classifiers over multiple data sets, Journal of Machine Learning Research 7)
recommends both. Each dataset counts once, whatever its size or scale, since scores become ranks.
"""

from dataclasses import dataclass
from math import factorial, inf, sqrt

import numpy as np
import numpy.typing as npt
from scipy.special import fdtrc
from scipy.stats import rankdata, studentized_range

from ml.comparisons.paired import ComparisonRefused, Numbers, finite

FEWEST_DATASETS = 5
"""With five, F claims a difference among equal candidates in 4 to 7 % of cases instead of 5 %; with three in up to
19 %, as counting the ways to rank them shows."""
FEWEST_CANDIDATES = 3


class TooFewToRank(ComparisonRefused):
    """Ranks over so few datasets or candidates tell nothing."""

    def __init__(self, datasets: int, candidates: int) -> None:
        self.datasets = datasets
        self.candidates = candidates
        super().__init__(
            f"Friedman's test needs {FEWEST_DATASETS} datasets and {FEWEST_CANDIDATES} candidates, but there are "
            f"{datasets} and {candidates}.",
            "Race more, or compare pairs on each dataset, with Holm's correction.",
        )


@dataclass(frozen=True)
class Ranking:
    """What the ranks of candidates over datasets say; small ranks are good.

    >>> ranking = friedman([[0.9, 0.8, 0.7], [0.8, 0.7, 0.6], [0.9, 0.8, 0.8], [0.7, 0.6, 0.5], [0.6, 0.7, 0.5]])
    >>> ranking.mean_ranks, round(ranking.p_value, 4)
    ((1.2, 1.9, 2.9), 0.0029)
    """

    mean_ranks: tuple[float, ...]
    """Of each candidate, from 1 for one that is best on every dataset; ties share their ranks."""
    datasets: int
    chi_square: float
    """Friedman's statistic, corrected for ties."""
    statistic: float
    """Iman and Davenport's F; infinite if all datasets rank the candidates alike."""
    p_value: float
    """Chance, from 0 to 1, of ranks that differ as much between candidates that are truly equal."""


@dataclass(frozen=True)
class Nemenyi:
    """Which candidates' ranks differ.

    >>> ranking = Ranking((1.2, 2.0, 2.8), datasets=5, chi_square=6.4, statistic=7.1, p_value=0.017)
    >>> nemenyi(ranking).p_values.round(2).tolist()
    [[1.0, 0.42, 0.03], [0.42, 1.0, 0.42], [0.03, 0.42, 1.0]]
    """

    critical_difference: float
    """Mean ranks that are farther apart than this differ, all pairs together at the level asked for."""
    p_values: Numbers
    """Of each pair, from 0 to 1, shape ``(candidates, candidates)``; they hold for all pairs together."""


def friedman(scores: npt.ArrayLike) -> Ranking:
    """Return whether candidates rank differently over datasets, by Friedman (1937) as Iman and Davenport improve it.

    Their F (1980, Approximations of the critical region of the Friedman statistic) is less cautious than chi-square.

    Args:
        scores: one of each candidate on each dataset, shape ``(datasets, candidates)``; greater is better.

    Raises:
        NotFinite: if a candidate lacks a score.
        TooFewToRank: under five datasets or three candidates.
    """
    found = np.atleast_2d(finite(scores))
    datasets, candidates = found.shape
    if datasets < FEWEST_DATASETS or candidates < FEWEST_CANDIDATES:
        raise TooFewToRank(datasets, candidates)
    ranks = rankdata(-found, axis=1)
    mean_ranks = ranks.mean(axis=0)
    # As an analysis of variance of the ranks, which corrects for ties.
    between = datasets * float(np.square(mean_ranks - (candidates + 1) / 2).sum())
    total = float(np.square(ranks - (candidates + 1) / 2).sum())
    chi_square = datasets * (candidates - 1) * between / total if total else 0.0
    statistic, p_value = _iman_davenport(chi_square, datasets, candidates)
    return Ranking(tuple(mean_ranks.tolist()), datasets, chi_square, statistic, p_value)


def nemenyi(ranking: Ranking, *, level: float = 0.05) -> Nemenyi:
    """Return which candidates differ, after ``friedman`` has said that some do (Nemenyi, 1963).

    Args:
        ranking: what ``friedman`` returned.
        level: chance of any false claim among all pairs.
    """
    candidates, ranks = len(ranking.mean_ranks), np.array(ranking.mean_ranks)
    apart = np.abs(ranks[:, None] - ranks[None, :])
    p_values = studentized_range.sf(apart / _scale(candidates, ranking.datasets), candidates, inf)
    return Nemenyi(critical_difference(candidates, ranking.datasets, level=level), np.clip(p_values, 0.0, 1.0))


def critical_difference(candidates: int, datasets: int, *, level: float = 0.05) -> float:
    """Return how far apart two mean ranks have to be to differ.

    >>> round(critical_difference(candidates=4, datasets=14), 2)
    1.25
    """
    return float(studentized_range.ppf(1 - level, candidates, inf)) * _scale(candidates, datasets)


def _scale(candidates: int, datasets: int) -> float:
    return sqrt(candidates * (candidates + 1) / (12 * datasets))


def _iman_davenport(chi_square: float, datasets: int, candidates: int) -> tuple[float, float]:
    most = datasets * (candidates - 1)
    # What rounding leaves of the largest chi-square there can be is none.
    rest = max(0.0, most - chi_square)
    statistic = (datasets - 1) * chi_square / rest if rest > 1e-9 * most else inf
    p_value = float(fdtrc(candidates - 1, (candidates - 1) * (datasets - 1), statistic))
    # Nothing is less likely than that all datasets agree, which F with few of them would call nearly impossible.
    return statistic, max(p_value, float(factorial(candidates)) ** (1 - datasets))
