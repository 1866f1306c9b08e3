"""Which rows stand for all of them where all would cost too much; a table says in ``attrs`` how many it rests on."""

import numpy as np
import pandas as pd

from ml.splits import Rows


def some_rows(rows: int, most: int, seed: int) -> Rows:
    """Return the positions of at most ``most`` of so many rows, in their order, drawn by ``seed``.

    >>> some_rows(3, 5, seed=1).tolist(), len(some_rows(100, 5, seed=1))
    ([0, 1, 2], 5)
    """
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))


def resting_on(table: pd.DataFrame, used: int, rows: int, seed: int) -> pd.DataFrame:
    """Return the table with ``attrs`` that say on how many rows it rests, of how many, and by which seed they came.

    >>> resting_on(pd.DataFrame(), 5, 100, seed=1).attrs
    {'rows': 100, 'rows_used': 5, 'seed': 1}
    """
    table.attrs |= {"rows": rows, "rows_used": used, "seed": seed}
    return table
