"""Why a pipeline answers this row so: what each column adds, from a usual answer to this one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.columns import said
from ml.explain.outputs import Outputs
from ml.sampling import some_rows
from ml.scoring import Numbers

OTHERS = "(other columns)"
_Index = npt.NDArray[np.intp]
_MOST_BACKGROUND = 100
_MOST_ROUNDS = 10
_MOST_OUTPUTS = 5
_AT_ONCE = 5000


class TooManyColumns(ValueError):
    """So many columns cannot be told apart with so few rows."""

    def __init__(self, columns: int, most_rows: int) -> None:
        self.columns = columns
        super().__init__(
            f"{columns} columns cannot be told apart by asking {most_rows} rows."
            " Name the most important columns, and the others are explained as one."
        )


@dataclass(frozen=True)
class Explanation:
    """Why a row is answered as it is; for each output the contributions add up to prediction less base."""

    outputs: pd.DataFrame
    """``output``, its ``prediction`` of the row, and its ``base``, the mean prediction of the background; of more than
    5 outputs those of the greatest predictions."""
    contributions: pd.DataFrame
    """``output``, ``feature``, ``value`` of the row, ``contribution``, ``standard_error``; the largest first."""


@dataclass(frozen=True)
class _Sampled:
    """Orders in which the row's columns replace those of a background row, one by one."""

    starts: _Index
    """The background row of each order."""
    orders: _Index
    """A line for each, of players."""


def explain_row(
    outputs: Outputs,
    row: pd.DataFrame,
    background: pd.DataFrame,
    *,
    columns: Sequence[str] | None = None,
    seed: int = 0,
    most_rows: int = 20_000,
) -> Explanation:
    """Return Shapley's values of one row's columns, by sampled orders (Strumbelj and Kononenko, 2014).

    A row of the background becomes the explained row column by column, in an order drawn by lot and then in the
    opposite one; what the output moves by is that column's. Whole columns are exchanged, so text, categories and gaps
    are explained like numbers. Every background row starts as many orders, so that the values add up exactly.

    Args:
        outputs: what is asked of the pipeline.
        row: one row, as people have it.
        background: rows that say what is usual; at most 100 of them are drawn.
        columns: those that are told apart, all others being explained as one, ``(other columns)``; None for all.
        seed: draws the background and the orders.
        most_rows: how many rows the pipeline is asked at most: the cost.

    Returns:
        The values, each with its standard error over background rows: how far off it is for the orders that were not
        tried, and for another background.

    Raises:
        TooManyColumns: if ``most_rows`` do not suffice for two background rows.
    """
    players = _players(list(background), columns)
    asked = 2 * (len(players) + 1)
    most = min(_MOST_BACKGROUND, most_rows // asked)
    if most < 2:
        raise TooManyColumns(len(players), most_rows)
    background = background.iloc[some_rows(len(background), most, seed)]
    rounds = min(_MOST_ROUNDS, most_rows // (asked * len(background)))
    sampled = _sampled(len(background), len(players), rounds, seed)
    values = _values(outputs, _together(background, row), list(players.values()), sampled)
    return _explanation(outputs, row, players, values, sampled)


def _players(names: list[str], columns: Sequence[str] | None) -> dict[str, list[int]]:
    """Return the columns, by their positions, that change together."""
    apart = names if columns is None else [name for name in columns if name in names]
    rest = [position for position, name in enumerate(names) if name not in set(apart)]
    return {name: [names.index(name)] for name in apart} | ({OTHERS: rest} if rest else {})


def _sampled(background: int, players: int, rounds: int, seed: int) -> _Sampled:
    """Return orders and their opposites, which cancel much of each other's chance, as many for each background row."""
    random = np.random.default_rng(seed)
    orders = random.permuted(np.tile(np.arange(players), (rounds * background, 1)), axis=1)
    starts = np.tile(np.arange(background), 2 * rounds)
    return _Sampled(starts, np.concatenate([orders, orders[:, ::-1]]))


def _values(outputs: Outputs, rows: pd.DataFrame, players: list[list[int]], sampled: _Sampled) -> Numbers:
    """Return the outputs along every order, from the background row to the explained one: order, step, output."""
    steps = np.arange(len(players) + 1)[:, None]
    replaced = np.argsort(sampled.orders, axis=1)[:, None, :] < steps
    states = np.column_stack(
        [np.repeat(sampled.starts, len(steps)), replaced.reshape(replaced.shape[0] * len(steps), -1 if players else 0)]
    )
    # Orders meet: where columns are few, most of the rows have been asked before.
    states, places = np.unique(states, axis=0, return_inverse=True)
    positions = np.empty((len(states), rows.shape[1]), dtype=np.intp)
    for player, columns in enumerate(players):
        positions[:, columns] = np.where(states[:, 1 + player], len(rows) - 1, states[:, 0])[:, None]
    found = np.concatenate(
        [
            np.asarray(outputs.of(_taken(rows, positions[start : start + _AT_ONCE])), dtype=float)
            for start in range(0, len(positions), _AT_ONCE)
        ]
    )
    along: Numbers = found[places.ravel()].reshape(len(sampled.starts), len(steps), -1)
    return along


def _taken(rows: pd.DataFrame, positions: _Index) -> pd.DataFrame:
    columns = [rows.iloc[:, column].take(taken).reset_index(drop=True) for column, taken in enumerate(positions.T)]
    return pd.concat(columns, axis=1) if columns else pd.DataFrame(index=range(len(positions)))


def _together(background: pd.DataFrame, row: pd.DataFrame) -> pd.DataFrame:
    """Return the background with the row below it, each column of a type that holds both."""
    given = row.reindex(columns=background.columns)
    return pd.DataFrame(
        {name: _joined(background[name], given[name]) for name in background}, columns=background.columns
    )


def _joined(background: pd.Series, value: pd.Series) -> pd.Series:
    if background.dtype != value.dtype:
        numbers = all(pd.api.types.is_numeric_dtype(part.dtype) for part in (background, value))
        background, value = (part.astype(float if numbers else object) for part in (background, value))
    return pd.concat([background, value], ignore_index=True)


def _explanation(
    outputs: Outputs, row: pd.DataFrame, players: dict[str, list[int]], values: Numbers, sampled: _Sampled
) -> Explanation:
    added = np.take_along_axis(np.diff(values, axis=1), np.argsort(sampled.orders, axis=1)[:, :, None], axis=1)
    background = int(sampled.starts.max()) + 1
    by_start = added.reshape(len(added) // background, background, *added.shape[1:]).mean(axis=0)
    prediction, base = values[0, -1], values[:, 0].mean(axis=0)
    kept = np.argsort(-prediction, kind="stable")[:_MOST_OUTPUTS]
    names = np.array(outputs.names)[kept]
    each = [_largest_first(row, list(players), by_start[:, :, output]) for output in kept]
    table = pd.concat(each, ignore_index=True)
    table.insert(0, "output", np.repeat(names, len(players)))
    table.attrs |= {"unit": outputs.unit, "background": background, "orders": len(sampled.starts)}
    return Explanation(pd.DataFrame({"output": names, "prediction": prediction[kept], "base": base[kept]}), table)


def _largest_first(row: pd.DataFrame, names: list[str], by_start: Numbers) -> pd.DataFrame:
    """Return the contributions to one output, of which there is a line for each background row."""
    found = pd.DataFrame(by_start)
    table = pd.DataFrame(
        {
            "feature": np.array(names, dtype=object),
            "value": np.array([_shown(row, name) for name in names], dtype=object),
            "contribution": found.mean(),
            "standard_error": found.sem(),
        }
    )
    return table.sort_values("contribution", key=abs, ascending=False, kind="stable")


def _shown(row: pd.DataFrame, name: str) -> str:
    if name == OTHERS:
        return ""
    return said(row[name].iloc[0] if name in row else None)
