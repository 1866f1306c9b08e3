"""Holm's correction: among many p-values some are small by chance.

Holm (1979, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6). Whatever
the tests depend on, the chance of any false claim stays below the level; never weaker than Bonferroni's.
"""

import numpy as np
import numpy.typing as npt

from ml.comparisons.paired import ComparisonRefused, Numbers, finite


class ProbabilityImpossible(ComparisonRefused):
    """A p-value is from 0 to 1."""

    def __init__(self, position: int, value: float) -> None:
        self.position = position
        self.value = value
        super().__init__(
            f"The p-value at position {position} is {value}, and has to be from 0 to 1.",
            "Give the p-values themselves, not statistics, logarithms or percentages.",
        )


def holm(p_values: npt.ArrayLike) -> Numbers:
    """Return corrected p-values, in the order given: what is below 0.05 may be claimed, all together, at 5 %.

    >>> holm([0.01, 0.04, 0.03])
    array([0.03, 0.06, 0.06])

    Args:
        p_values: one per pair that was compared, shape ``(pairs,)``; all of them, also those that nobody claims.

    Raises:
        NotFinite, ProbabilityImpossible: if one is no probability.
    """
    found = finite(p_values)
    for position in np.flatnonzero((found < 0) | (found > 1)).tolist():
        raise ProbabilityImpossible(position, float(found[position]))
    order = np.argsort(found, kind="stable")
    # The smallest counts for all, the next one for all but one; none may fall below one that was smaller.
    raised = np.maximum.accumulate(found[order] * np.arange(len(found), 0, -1))
    corrected = np.empty_like(found)
    corrected[order] = np.minimum(raised, 1.0)
    return corrected
