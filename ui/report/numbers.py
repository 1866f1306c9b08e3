"""Numbers as figures say them, and where they stand on an axis."""

from collections.abc import Iterable
from datetime import date
from math import floor, isfinite, isinf, isnan, log10
from typing import Any, TypeGuard

MISSING = "\N{EN DASH}"
_MINUS = "\N{MINUS SIGN}"


def known(value: Any) -> TypeGuard[float]:
    """Return whether a value is a number that can be drawn."""
    return isinstance(value, int | float) and isfinite(value)


def shown(value: Any, digits: int = 4) -> str:
    """Return a value for people: numbers to some significant digits, and a dash for what is missing.

    >>> shown(0.123456), shown(1234567), shown(123456.7), shown(2e-9), shown(True)
    ('0.1235', '1,234,567', '123,457', '2e-09', 'yes')
    """
    if value is None or (isinstance(value, float) and isnan(value)):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _number(value, digits).replace("-", _MINUS, 1) if value < 0 else _number(value, digits)
    return said(value) if isinstance(value, date) else str(value)


def said(moment: date) -> str:
    """Return a moment, without the time of day if that is midnight.

    >>> said(date(2024, 2, 1))
    '2024-02-01'
    """
    return moment.isoformat().removesuffix("T00:00:00")


def _number(number: float, digits: int) -> str:
    if isinstance(number, int):
        return f"{number:,}"
    if isinf(number):
        return f"{number}".replace("inf", "\N{INFINITY}")
    if 10**digits <= abs(number) < 1e9:
        return f"{number:,.0f}"
    return f"{number:.{digits}g}"


def brief(number: float) -> str:
    """Return a round number as an axis has room for it.

    >>> brief(0.25), brief(20000.0), brief(1_500_000.0), brief(3e9)
    ('0.25', '20000', '1.5M', '3e+09')
    """
    return f"{shown(number / 1e6, 6)}M" if 1e6 <= abs(number) < 1e9 else shown(number, 6)


def percent(share: float | None) -> str:
    """Return a share as a percentage.

    >>> percent(0.123)
    '12 %'
    """
    return f"{100 * share:.0f} %" if known(share) else MISSING


def reach(values: Iterable[Any], *, zero: bool = False) -> tuple[float, float]:
    """Return the least and the greatest of the known values with a little air around, and 0 if it should be seen.

    >>> reach([0.0, None, 10.0])
    (-0.5, 10.5)
    """
    found = [float(value) for value in values if known(value)] + ([0.0] if zero else [])
    if not found:
        return 0.0, 1.0
    low, high = min(found), max(found)
    air = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
    return (0.0 if zero and low == 0 else low - air), (0.0 if zero and high == 0 else high + air)


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Return at most ``most`` or so round numbers from ``low`` to ``high``.

    >>> ticks(0, 1), ticks(-3, 12)
    ([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [0.0, 5.0, 10.0])
    """
    rough = (high - low) / most
    if rough <= 0 or not isfinite(rough):
        return [low]
    power = 10.0 ** floor(log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)
    first = -floor(-low / step + 1e-9)
    last = floor(high / step + 1e-9)
    return [float(f"{number * step:.12g}") + 0.0 for number in range(first, last + 1)]
