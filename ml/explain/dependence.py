"""How a pipeline's answers move with one column, on average and row by row."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ml.columns import ordered, said
from ml.explain.outputs import Outputs
from ml.sampling import resting_on, some_rows
from ml.scoring import Numbers

_MOST_NUMBERS = 20
_MOST_CATEGORIES = 12
_MOST_LINES = 50
_MOST_OUTPUTS = 5


def grid_of(values: pd.Series) -> pd.Series:
    """Return the values that a column is set to, each as often found: quantiles of numbers, the commonest categories.

    There are at most 20 numbers, from the 5 % to the 95 % quantile, or 12 categories; where some are missing, a missing
    value comes last.

    >>> grid_of(pd.Series(["a", "b", "b", None])).tolist()
    ['b', 'a', None]
    """
    numbers = ordered(values)
    known = values[(values if numbers is None else numbers).notna()]
    missing = values[(values if numbers is None else numbers).isna()].iloc[:1]
    if numbers is None:
        first = known.drop_duplicates()
        places = pd.Index(first).get_indexer(known.value_counts().index[:_MOST_CATEGORIES])
        return pd.concat([first.iloc[places], missing], ignore_index=True)
    order = known.iloc[np.argsort(numbers[known.index].to_numpy(), kind="stable")]
    levels = np.linspace(0.05, 0.95, _MOST_NUMBERS)
    chosen = order.iloc[np.ceil(levels * len(order)).astype(int) - 1] if len(order) else order
    return pd.concat([chosen.drop_duplicates(), missing], ignore_index=True)


def dependence_tables(
    outputs: Outputs, rows: pd.DataFrame, columns: Sequence[str], seed: int = 0, most_rows: int = 500
) -> dict[str, pd.DataFrame]:
    """Return what the pipeline answers when every row has the same value in one column and its own in the others.

    Where columns go together this asks about rows that cannot be, and its answer is the pipeline's fancy there. The
    pipeline is asked at most columns x 21 x ``most_rows`` rows.

    Args:
        outputs: what is asked of the pipeline; of more than 5 outputs those with the greatest mean are told.
        rows: rows as people have them; at most ``most_rows`` are drawn by the seed.
        columns: which columns, such as the most important ones.
        seed: draws the rows.
        most_rows: how many rows are asked for each value.

    Returns:
        ``partial_dependence``: ``feature``, ``position`` on the grid, ``value``, ``number`` (the value as one,
        moments as days since 1970; missing for categories), ``output``, ``mean``, and ``q10`` and ``q90`` of the rows'
        lines.
        ``individual_lines``: ``feature``, ``position``, ``output``, ``row`` (its index), ``prediction``, of at most 50
        rows (individual conditional expectation; Goldstein and others, 2015): where lines cross, columns interact.
    """
    chosen = some_rows(len(rows), most_rows, seed)
    asked, kept = rows.iloc[chosen], _kept(outputs, rows.iloc[chosen])
    lines = some_rows(len(asked), _MOST_LINES, seed)
    means, individual = [], []
    for name in columns:
        grid = grid_of(rows[name])
        for position, found in enumerate(_answers(outputs, asked, name, grid)):
            where = {"feature": name, "position": position, "output": np.array(outputs.names)[kept]}
            means.append(pd.DataFrame({**where, **_spread(found[:, kept])}).assign(**_value(grid, position)))
            individual.append(_lines(where, asked.index[lines], found[lines][:, kept]))
    averaged, single = (
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame() for parts in (means, individual)
    )
    order = ["feature", "position", "value", "number", "output", "mean", "q10", "q90"]
    return {
        "partial_dependence": resting_on(averaged.reindex(columns=order), len(asked), len(rows), seed),
        "individual_lines": resting_on(single, len(lines), len(rows), seed),
    }


def _kept(outputs: Outputs, rows: pd.DataFrame) -> Numbers:
    if len(outputs.names) <= _MOST_OUTPUTS:
        return np.arange(len(outputs.names))
    return np.sort(np.argsort(-outputs.of(rows).mean(axis=0), kind="stable")[:_MOST_OUTPUTS])


def _answers(outputs: Outputs, rows: pd.DataFrame, name: str, grid: pd.Series) -> Numbers:
    """Return the outputs with the column set to each value of the grid: position, row, output; all asked at once."""
    every = rows.iloc[np.tile(np.arange(len(rows)), len(grid))].reset_index(drop=True)
    every[name] = grid.iloc[np.repeat(np.arange(len(grid)), len(rows))].reset_index(drop=True)
    return np.asarray(outputs.of(every), dtype=float).reshape(len(grid), len(rows), -1)


def _value(grid: pd.Series, position: int) -> dict[str, object]:
    numbers = ordered(grid)
    return {"value": said(grid.iloc[position]), "number": np.nan if numbers is None else numbers.iloc[position]}


def _spread(found: Numbers) -> dict[str, Numbers]:
    low, high = np.quantile(found, [0.1, 0.9], axis=0)
    return {"mean": found.mean(axis=0), "q10": low, "q90": high}


def _lines(where: dict[str, object], index: pd.Index, found: Numbers) -> pd.DataFrame:
    table = pd.DataFrame(found, columns=pd.Index(np.arange(found.shape[1])), index=index)
    long = table.rename_axis("row").reset_index().melt("row", var_name="output", value_name="prediction")
    names = np.asarray(where["output"])[long["output"].to_numpy(dtype=int)]
    return pd.DataFrame({**where, "output": names, "row": long["row"], "prediction": long["prediction"]})
