"""Where things stand on an axis."""

from collections.abc import Sequence


def padded(values: Sequence[float], share: float = 0.08) -> tuple[float, float]:
    """Return a range that holds ``values`` with air around; scores far below the rest do not flatten it.

    >>> padded([0.5, 0.9], share=0.25)
    (0.4, 1.0)
    """
    if not values:
        return 0.0, 1.0
    ordered = sorted(values)
    low, high = ordered[int(len(ordered) * 0.03)], ordered[-1]
    air = (high - low) * share or abs(high) * 0.01 or 0.01
    return round(low - air, 6), round(high + air, 6)


def spread(positions: Sequence[float], gap: float) -> list[float]:
    """Return descending ``positions`` moved as little as needed to stand ``gap`` apart.

    >>> spread([3.0, 3.0], 1.0)
    [3.5, 2.5]
    """
    apart = list(positions)
    for index in range(1, len(apart)):
        apart[index] = min(apart[index], apart[index - 1] - gap)
    shift = (sum(positions) - sum(apart)) / max(len(apart), 1)
    return [position + shift for position in apart]
