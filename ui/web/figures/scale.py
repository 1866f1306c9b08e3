"""Where things stand on an axis."""

from collections.abc import Sequence

_FENCE = 2.5
"""How many quartile distances away from the quartiles a value still stretches the axis."""


def padded(values: Sequence[float], share: float = 0.08, *, fenced: bool = True) -> tuple[float, float]:
    """Return a range that holds ``values`` with air around, but (if ``fenced``) for those that would flatten the rest.

    >>> padded([0.5, 0.9], share=0.25)
    (0.4, 1.0)
    >>> padded([-900.0, 1.0, 2.0, 3.0, 4.0, 5.0], share=0.25)
    (0.0, 6.0)
    """
    if not values:
        return 0.0, 1.0
    ordered = sorted(values)
    first, third = ordered[len(ordered) // 4], ordered[(3 * len(ordered) - 1) // 4]
    reach = _FENCE * (third - first) if fenced and third > first else float("inf")
    near = [value for value in ordered if first - reach <= value <= third + reach]
    air = (near[-1] - near[0]) * share or abs(near[-1]) * 0.01 or 0.01
    return round(near[0] - air, 6), round(near[-1] + air, 6)


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
