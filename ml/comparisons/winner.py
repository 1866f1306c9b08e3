"""What the winner of a race will score on new data: the best of many is partly lucky, on the rows that chose it.

BBC-CV of Tsamardinos, Greasidou, Borboudakis (2018, Bootstrapping the out-of-sample predictions for efficient and
accurate cross-validation, Machine Learning 107): draw rows with replacement, pick the winner on those drawn, score it
on those left out, many times over. Nothing is fitted anew: out-of-fold predictions are enough.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import nan

import numpy as np
import numpy.typing as npt

from ml.comparisons.paired import ComparisonRefused, Numbers, finite

Rows = npt.NDArray[np.intp]
Score = Callable[[int, Rows], float]
"""The score of a candidate, by its position, on rows, by theirs, some of them several times; greater is better. Not a
number if these rows have none, such as an AUC of one class."""
_Scores = Callable[[Rows, Rows], Numbers]
"""The scores of some candidates on some rows."""
_FEWEST_ROWS = 2


class NothingToChoose(ComparisonRefused):
    """There is no candidate to choose, or too few rows to choose by and to score on."""

    def __init__(self, candidates: int, rows: int) -> None:
        self.candidates = candidates
        self.rows = rows
        super().__init__(
            f"The expected score of a winner needs a candidate and two rows, but there are {candidates} and {rows}.",
            "Give the out-of-fold rows of every candidate.",
        )


class DrawsUnscorable(ComparisonRefused):
    """Most draws of rows have no score, so the others say little."""

    def __init__(self, scored: int, draws: int) -> None:
        self.scored = scored
        self.draws = draws
        super().__init__(
            f"Only {scored} of {draws} draws of rows have a score for every candidate.",
            "Take a metric that needs fewer rows of each class, such as Accuracy, or more rows.",
        )


@dataclass(frozen=True)
class Expected:
    """The winner's score, stated twice.

    >>> Expected(winner=0, on_these_rows=0.83, on_new_rows=0.81, low=0.78, high=0.84, draws=1000).on_new_rows
    0.81
    """

    winner: int
    """The position of the candidate with the best score on all rows; the first of several."""
    on_these_rows: float
    """Its score on the rows that chose it: on average too good."""
    on_new_rows: float
    """What the choice of a winner among these candidates is worth on rows that did not choose it."""
    low: float
    """Lower end of the 95 % interval of that."""
    high: float
    """Upper end of that interval."""
    draws: int
    """How many draws could be scored."""


def expected_of_values(values: npt.ArrayLike, *, seed: int, draws: int = 1000) -> Expected:
    """Return the winner's expected score where a score is the mean of values, one per row.

    >>> chance = np.random.default_rng(1)
    >>> equal = expected_of_values(chance.normal(size=(200, 20)), seed=1)
    >>> equal.on_these_rows > 0.1 > abs(equal.on_new_rows)
    True

    Args:
        values: of each row for each candidate, out of fold, shape ``(rows, candidates)``; greater is better.
        seed: decides which rows are drawn; the same rows for all candidates, whatever their order.
        draws: how often.

    Raises:
        NotFinite: if a value is missing.
        NothingToChoose: without candidates, or under two rows.
    """
    found = finite(values)
    rows, candidates = found.shape
    return _expected(lambda some, drawn: found[drawn][:, some].mean(axis=0), (candidates, rows), seed, draws)


def expected_score(score: Score, *, candidates: int, rows: int, seed: int, draws: int = 1000) -> Expected:
    """Return the winner's expected score by any metric of rows, such as AUC.

    Every candidate is scored once a draw, and the winner once more: that is where the time goes.

    >>> right = np.array([[1, 1, 0, 1, 1, 0], [1, 0, 0, 1, 1, 0]])
    >>> expected_score(lambda n, rows: right[n, rows].mean(), candidates=2, rows=6, seed=1).winner
    0

    Args:
        score: gives the score of one candidate on some rows.
        candidates: how many there are.
        rows: how many rows have out-of-fold predictions.
        seed: decides which rows are drawn.
        draws: how often.

    Raises:
        NothingToChoose: without candidates, or under two rows.
        DrawsUnscorable: if fewer than half of the draws have a score.
    """
    return _expected(
        lambda some, drawn: np.array([score(candidate, drawn) for candidate in some.tolist()], dtype=np.float64),
        (candidates, rows),
        seed,
        draws,
    )


def _expected(scores: _Scores, shape: tuple[int, int], seed: int, draws: int) -> Expected:
    candidates, rows = shape
    if not candidates or rows < _FEWEST_ROWS:
        raise NothingToChoose(candidates, rows)
    everyone, chance = np.arange(candidates), np.random.default_rng(seed)
    on_all = finite(scores(everyone, np.arange(rows)))
    outside = np.array([_out_of_bag(scores, everyone, chance.integers(rows, size=rows)) for _ in range(draws)])
    outside = outside[np.isfinite(outside)]
    if 2 * len(outside) < draws:
        raise DrawsUnscorable(len(outside), draws)
    low, high = np.quantile(outside, (0.025, 0.975)).tolist()
    return Expected(int(on_all.argmax()), float(on_all.max()), float(outside.mean()), low, high, len(outside))


def _out_of_bag(scores: _Scores, everyone: Rows, drawn: Rows) -> float:
    left = np.flatnonzero(np.bincount(drawn, minlength=len(drawn)) == 0)
    in_bag = scores(everyone, drawn)
    if not len(left) or not np.isfinite(in_bag).all():
        return nan
    # Of several winners any may be the one, so that the order of the candidates decides nothing.
    return float(scores(np.flatnonzero(in_bag == in_bag.max()), left).mean())
