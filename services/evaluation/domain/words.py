"""Verdicts in words: a sentence says what was found, after how many folds, and how sure that is."""

from collections.abc import Mapping

from ml.referee.course import FEWEST_ROWS, Retirement
from ml.referee.gap import Gap


def number(value: float) -> str:
    """Return a score, or a difference of scores, as people read it.

    >>> number(0.00123456), number(1234.5678), number(-0.0)
    ('0.001235', '1,235', '0')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value + 0.0:.4g}"


def folds(count: int) -> str:
    """Return so many folds in words.

    >>> folds(1), folds(3)
    ('1 fold', '3 folds')
    """
    return "1 fold" if count == 1 else f"{count} folds"


def said_of_retired(retirement: Retirement, names: Mapping[str, str]) -> str:
    """Return why a candidate races no more."""
    gap = retirement.gap
    if retirement.is_beaten:
        return f"Beaten after {folds(gap.folds)} by {names[gap.against]}: {_behind(gap)}."
    begin = f"At most {number(retirement.margin)} better than {names[gap.against]}"
    return f"{begin} after {folds(gap.folds)}: {_behind(gap)}."


def said_of_gap(gap: Gap, names: Mapping[str, str], *, is_tied: bool, is_final: bool, errors: float) -> str:
    """Return what can be said of a candidate that races still, or has raced all folds."""
    leader = names[gap.against]
    if not is_tied:
        now = "Beaten" if is_final else "Behind so far"
        return f"{now} after {folds(gap.folds)} {'by' if is_final else 'of'} {leader}: {_behind(gap)}."
    begin = f"Tied with {leader}" if is_final else f"Cannot be told apart from {leader} yet"
    return f"{begin} after {folds(gap.folds)}: {_behind(gap)}{_would_tell(gap, errors)}."


def said_of_leader(tied: int, no_better: int, margin: float) -> str:
    """Return what can be said at the end of the one with the best mean.

    Args:
        tied: how many cannot be told apart from it.
        no_better: how many were retired since they are at most the margin better.
        margin: the difference that is the same for practice.

    >>> said_of_leader(0, 0, 0.005)
    'Winner: every other candidate is worse.'
    >>> said_of_leader(2, 1, 0.005)
    'Best mean: 2 others are tied with it, and 1 other is at most 0.005 better.'
    """
    if not tied and not no_better:
        return "Winner: every other candidate is worse."
    even = f"{_others(tied)} tied with it" if tied else ""
    at_most = f"{_others(no_better)} at most {number(margin)} better" if no_better else ""
    return f"Best mean: {', and '.join(part for part in (even, at_most) if part)}."


def _others(count: int) -> str:
    return "1 other is" if count == 1 else f"{count} others are"


def said_of_few(units: int, *, grouped: bool) -> str:
    """Return why nothing is said yet."""
    what = "groups of rows" if grouped else "rows"
    if units:
        return f"Cannot be told: {units} {what} were seen, and under {FEWEST_ROWS} no verdict is safe."
    return "Cannot be told: fold means say nothing under 3 folds."


def _behind(gap: Gap) -> str:
    low, high = gap.interval()
    how = "behind" if gap.behind >= 0 else "ahead"
    return f"{number(abs(gap.behind))} {how}, 95 % interval of the gap {number(low)} to {number(high)}"


def _would_tell(gap: Gap, errors: float) -> str:
    wanted = rows_to_tell(gap, errors)
    return "" if wanted is None else f"; about {_round(wanted - gap.units):,} more rows would tell"


def rows_to_tell(gap: Gap, errors: float) -> int | None:
    """Return about how many rows, in all, would settle it; None if it is settled, or no number in reach would."""
    wanted = gap.units_to_tell(errors)
    return None if wanted is None or not gap.units < wanted <= _IN_REACH else _round(wanted)


def _round(count: int) -> int:
    """Return a number to its first two digits: it is an estimate."""
    size = int(10 ** max(len(str(count)) - 2, 0))
    return -(-count // size) * size


_IN_REACH = 100_000_000
