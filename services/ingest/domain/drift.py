"""How far the values of a column moved between two versions: the population stability index of their profiles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from contracts.profiles import ColumnProfile, Histogram, Profile
from contracts.versions import ColumnDrift, Drift

_SLIGHT = 0.1
_STRONG = 0.25

_LEAST = 1e-4
"""Shares below it count as so much: nothing is infinitely far from what was never there."""

_BINS = 10


_Shares = tuple[Sequence[float], Sequence[float]]


@dataclass(frozen=True)
class _Side:
    """A column in one of the two versions."""

    column: ColumnProfile
    rows: int

    @property
    def missing(self) -> float:
        return self.column.missing / self.rows

    @property
    def told(self) -> Mapping[str, int]:
        return {value.value: value.rows for value in self.column.frequent}

    @property
    def is_whole(self) -> bool:
        """Whether every value is told."""
        return len(self.column.frequent) == self.column.distinct

    @property
    def histogram(self) -> Histogram | None:
        return self.column.numbers.histogram if self.column.numbers else None

    def counts_of(self, values: Sequence[str]) -> list[float]:
        """Return the rows of each value, and of all others."""
        counts = [float(self.told.get(value, 0)) for value in values]
        return [*counts, self.rows - self.column.missing - sum(counts)]

    def shares(self, counts: Sequence[float]) -> list[float]:
        """Return shares of all rows, those without a value last."""
        return [*(count / self.rows for count in counts), self.missing]


def drifts_of(before: Profile, after: Profile) -> tuple[ColumnDrift, ...]:
    """Return how each column that both have with one type moved, the farthest first."""
    was = {column.name: column for column in before.columns}
    found = [
        _drift_of(_Side(was[column.name], before.rows), _Side(column, after.rows))
        for column in after.columns
        if column.name in was and was[column.name].type == column.type
    ]
    return tuple(sorted(found, key=_nearness))


def stability_of(before: Sequence[float], after: Sequence[float]) -> float:
    """Return the population stability index of two lists of shares of the same bins.

    >>> stability_of([0.5, 0.5], [0.5, 0.5]), round(stability_of([0.5, 0.5], [0.75, 0.25]), 3)
    (0.0, 0.275)
    """
    was, now = np.maximum(before, _LEAST), np.maximum(after, _LEAST)
    return float(np.sum((now - was) * np.log(now / was)))


def _drift_of(before: _Side, after: _Side) -> ColumnDrift:
    """Return how the values of one column moved; those that are missing count as one more value."""
    counts = _of_values(before, after) or _of_numbers(before, after)
    stability = None if counts is None else stability_of(before.shares(counts[0]), after.shares(counts[1]))
    return ColumnDrift(
        name=after.column.name,
        drift=_word(stability),
        stability=stability,
        missing_before=before.missing,
        missing_after=after.missing,
    )


def _of_values(before: _Side, after: _Side) -> _Shares | None:
    """Return the rows of each value, where both profiles tell them."""
    if not before.told or not after.told:
        return None
    if before.column.numbers is not None and not (before.is_whole and after.is_whole):
        return None
    # Where a list is not whole, a value that it lacks may be among the others.
    values = [
        value
        for value in {**before.told, **after.told}
        if (value in before.told or before.is_whole) and (value in after.told or after.is_whole)
    ]
    return before.counts_of(values), after.counts_of(values)


def _of_numbers(before: _Side, after: _Side) -> _Shares | None:
    """Return the rows between the deciles of ``before``, as far as histograms tell, and the infinite ones."""
    if before.histogram is None or after.histogram is None:
        return None
    edges = _deciles(before.histogram)
    was, now = _rebinned(before.histogram, edges), _rebinned(after.histogram, edges)
    return [*was, before.column.infinite], [*now, after.column.infinite]


def _deciles(histogram: Histogram) -> list[float]:
    """Return values between which a tenth of the rows lies each; fewer where one bin holds more."""
    below = np.cumsum([0, *histogram.counts])
    places = np.interp(np.linspace(0, below[-1], _BINS + 1)[1:-1], below, histogram.edges)
    return sorted(set(map(float, places)))


def _rebinned(histogram: Histogram, edges: Sequence[float]) -> list[float]:
    """Return the rows below, between and above ``edges``, taken as evenly spread within a bin."""
    below = np.cumsum([0, *histogram.counts])
    places = [0.0, *np.interp(edges, histogram.edges, below), float(below[-1])]
    return [float(high - low) for low, high in pairwise(places)]


def _word(stability: float | None) -> Drift:
    if stability is None:
        return "unknown"
    return "none" if stability < _SLIGHT else "slight" if stability < _STRONG else "strong"


def _nearness(drift: ColumnDrift) -> tuple[float, str]:
    return 1.0 if drift.stability is None else -drift.stability, drift.name
