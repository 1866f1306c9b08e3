"""What two candidates got from the same rows, folds or datasets, side by side; and why it cannot be compared."""

from math import copysign, fsum, inf

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
_ROUNDING = 8 * float(np.finfo(np.float64).eps)


class ComparisonRefused(ValueError):
    """These scores do not answer this question: the cause says why, the cure what would."""

    def __init__(self, cause: str, cure: str) -> None:
        self.cause = cause
        self.cure = cure
        super().__init__(f"{cause} {cure}")


class LengthsDiffer(ComparisonRefused):
    """What is compared in pairs needs a partner for each value."""

    def __init__(self, first: int, second: int) -> None:
        self.first = first
        self.second = second
        super().__init__(
            f"{first} values cannot be paired with {second}.", "Give what both candidates have, in the same order."
        )


class NotFinite(ComparisonRefused):
    """Some values are missing or infinite."""

    def __init__(self, missing: int, values: int) -> None:
        self.missing = missing
        self.values = values
        super().__init__(
            f"{missing} of {values} values are not finite numbers.",
            "Leave out, for all candidates, what one of them has no score on.",
        )


class ScoresTooFew(ComparisonRefused):
    """So few scores do not show how much they vary."""

    def __init__(self, scores: int, needed: int) -> None:
        self.scores = scores
        self.needed = needed
        super().__init__(f"A test needs {needed} scores of each candidate, but there are {scores}.", "Race more folds.")


def finite(values: npt.ArrayLike) -> Numbers:
    """Return ``values`` as an array of numbers.

    >>> finite([0.5, 1])
    array([0.5, 1. ])

    Raises:
        NotFinite: if one is missing or infinite.
    """
    numbers = np.asarray(values, dtype=np.float64)
    missing = numbers.size - int(np.isfinite(numbers).sum())
    if missing:
        raise NotFinite(missing, numbers.size)
    return numbers


def differences(first: npt.ArrayLike, second: npt.ArrayLike) -> Numbers:
    """Return by how much each value of ``first`` exceeds its partner; what only rounding tells apart is equal.

    >>> differences([0.1 + 0.2, 0.5], [0.3, 0.25])
    array([0.  , 0.25])

    Raises:
        LengthsDiffer, NotFinite: if the values are no pairs of numbers.
    """
    left, right = finite(first), finite(second)
    if left.shape != right.shape:
        raise LengthsDiffer(left.size, right.size)
    found = left - right
    found[np.abs(found) <= _ROUNDING * np.maximum(np.abs(left), np.abs(right))] = 0.0
    return found


def spread(values: Numbers, scale: float) -> float:
    """Return the sample variance (over ``n - 1``), in whatever order; 0 if only rounding tells the values apart.

    >>> spread(np.array([0.05, 0.8 - 0.75, 0.3 - 0.25]), scale=0.8)
    0.0

    Args:
        values: at least two.
        scale: the largest of the numbers that the values were made of, which decides how they are rounded.
    """
    if float(np.ptp(values)) <= _ROUNDING * scale:
        return 0.0
    return fsum(np.square(values - mean(values))) / (len(values) - 1)


def mean(values: Numbers) -> float:
    """Return the mean, the same in whatever order.

    >>> mean(np.array([0.1, 0.2, 0.3])) == mean(np.array([0.3, 0.2, 0.1]))
    True
    """
    return fsum(values) / len(values)


def in_standard_errors(difference: float, standard_error: float) -> float:
    """Return the test's statistic; without any spread no difference is 0, and every other one is infinite.

    >>> in_standard_errors(0.5, 0.25), in_standard_errors(0.0, 0.0), in_standard_errors(-0.5, 0.0)
    (2.0, 0.0, -inf)
    """
    if standard_error:
        return difference / standard_error
    return copysign(inf, difference) if difference else 0.0
