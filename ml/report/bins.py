"""Bins of about equally many rows."""

import numpy as np
import numpy.typing as npt

from ml.scoring import Numbers


def equal_counts(values: Numbers, bins: int) -> npt.NDArray[np.intp]:
    """Return the bin of each value, from 0 for the least; equal values are never parted, so there may be fewer bins.

    >>> equal_counts(np.array([5.0, 1.0, 1.0, 9.0, 1.0, 7.0]), 3).tolist()
    [1, 0, 0, 2, 0, 2]
    """
    distinct, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    if not len(distinct):
        return np.zeros(0, dtype=np.intp)
    # By the middle of its rows, so that a value that many rows share lies where most of them would.
    middle = np.cumsum(counts) - (counts + 1) / 2
    bin_of = np.floor(middle * bins / len(values)).astype(np.intp)
    codes: npt.NDArray[np.intp] = np.unique(bin_of, return_inverse=True)[1][places]
    return codes
