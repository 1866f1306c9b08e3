"""The SQL that measures the columns of a Parquet file, and what its answers say."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from contracts.ingest import LogicalType
from contracts.profiles import QUANTILES, Histogram, Lengths, Numbers
from services.ingest.domain.statement import name
from services.ingest.reading.sql import text

EXACT_ROWS = 1_000_000
"""Beyond so many rows distinct values are estimated, and quantiles are those of a sample."""

BINS = 20
_SAMPLED = 200
"""Values of a column that are looked at for what is personal."""

_READ = 200
"""Characters of each that are looked at."""

_STEPS: Mapping[LogicalType, float] = MappingProxyType({"integer": 1.0, "date": 86_400.0})
_MOST_STEPS = 1e12
"""Beyond it a bin's edges would be rounded more than its values."""

_HUGE = 1e150
"""Beyond it squares overflow."""


@dataclass(frozen=True)
class Measured:
    """What the first look at one column says."""

    name: str
    type: LogicalType
    present: int
    distinct: int
    finite: int = 0
    low: float | None = None
    high: float | None = None
    quantiles: tuple[float, ...] = ()
    lengths: Lengths | None = None
    sample: tuple[str, ...] = ()

    @property
    def huge(self) -> float:
        """Return by what its values are divided before they are squared."""
        most = max(abs(self.low or 0.0), abs(self.high or 0.0))
        return most if most > _HUGE else 1.0


def first_look(path: Path, columns: Sequence[tuple[str, LogicalType]], rows: int) -> str:
    """Return the statement that counts, sorts and samples ``columns``: one value for each of five measures of each."""
    every = -(-rows // EXACT_ROWS)
    few = f" FILTER (WHERE hash(file_row_number) % {every} = 0)" if every > 1 else ""
    distinct = "count(DISTINCT {0})" if every <= 1 else "approx_count_distinct({0})"
    points = ", ".join(map(str, QUANTILES))
    measures: list[str] = []
    for column, kind in columns:
        c, x = name(column), number(column, kind)
        measures += [f"count({c})", distinct.format(c)]
        if kind == "string":
            measures += [f"sum(length({c}))", f"max(length({c}))", _sample(c)]
        elif kind == "boolean":
            measures += ["NULL"] * 3
        else:
            measures += [f"struct_pack(n := count({x}), low := min({x}), high := max({x}))"]
            measures += [f"quantile_disc({x}, [{points}]){few}", _sample(c) if kind == "integer" else "NULL"]
    return f"SELECT {', '.join(measures)} FROM read_parquet({text(str(path))}, file_row_number = true)"  # noqa: S608


def looked(columns: Sequence[tuple[str, LogicalType]], answer: Sequence[Any]) -> list[Measured]:
    """Return what the first look at ``columns`` says."""
    return [_measured(*column, answer[5 * i : 5 * i + 5]) for i, column in enumerate(columns)]


def moments(path: Path, columns: Sequence[Measured]) -> str:
    """Return the statement that sums numbers up; only one thread comes to the same last digit each time."""
    sums: list[str] = []
    for column in columns:
        x = f"{number(column.name, column.type)} / {column.huge!r}"
        sums += [f"avg({x})", f"stddev_samp({x})"]
    return f"SELECT {', '.join(sums)} FROM {text(str(path))}"  # noqa: S608 - every name is quoted


def spread(path: Path, columns: Sequence[Measured]) -> str:
    """Return the statement that counts the rows of each bin."""
    counts = (
        f"histogram(least(greatest({_place(column)}, 0), {BINS - 1})::TINYINT) "
        f"FILTER (WHERE {number(column.name, column.type)} IS NOT NULL)"  # `greatest` passes over what is missing
        for column in columns
    )
    return f"SELECT {', '.join(counts)} FROM {text(str(path))}"  # noqa: S608


def numbers(column: Measured, mean: float | None, deviation: float | None, counted: dict[int, int]) -> Numbers:
    """Return a column's numbers, from all that was measured of it."""
    low, high = column.low, column.high
    return Numbers(
        low=low,
        high=high,
        mean=_scaled(mean, column.huge),
        deviation=_scaled(deviation, column.huge),
        quantiles=column.quantiles,
        histogram=None if low is None or high is None else _histogram(column, low, high, counted),
    )


def number(column: str, kind: LogicalType) -> str:
    """Return a column's finite values as doubles, in SQL; NULL for the others."""
    c = name(column)
    if kind == "integer":
        return f"{c}::DOUBLE"
    return f"CASE WHEN isfinite({c}) THEN {c if kind == 'float' else f'epoch({c})'} END"


def _sample(column: str) -> str:
    # The values of the least hashes, so that the order of rows does not matter.
    return f"arg_min(left({column}::VARCHAR, {_READ}), hash({column}), {_SAMPLED})"


def _measured(column: str, kind: LogicalType, answer: Sequence[Any]) -> Measured:
    present, distinct, a, b, sample = answer
    seen = tuple(sample or ())
    if kind == "string":
        lengths = Lengths(mean=a / present, longest=b) if present else None
        return Measured(column, kind, present, distinct, lengths=lengths, sample=seen)
    if a is None:
        return Measured(column, kind, present, distinct)
    return Measured(column, kind, present, distinct, a["n"], a["low"], a["high"], tuple(b or ()), sample=seen)


def _histogram(column: Measured, low: float, high: float, counted: dict[int, int]) -> Histogram:
    if width := _width(column):
        bins = int((high - low) // width) + 1
        edges = tuple(low + i * width for i in range(bins + 1))
    elif not _half(column):
        return Histogram(edges=(low, high), counts=(column.finite,))
    else:
        bins = BINS
        edges = (low, *(low * (1 - i / BINS) + high * (i / BINS) for i in range(1, BINS)), high)
    return Histogram(edges=edges, counts=tuple(counted.get(i, 0) for i in range(bins)))


def _place(column: Measured) -> str:
    """Return the bin of a value, from 0, in SQL."""
    low, half, x = column.low or 0.0, _half(column), number(column.name, column.type)
    if width := _width(column):
        return f"floor(({x} - {low!r}) / {width!r})"
    # By halves, since the span itself may be beyond the greatest float.
    return f"floor(({x} / 2 - {low / 2!r}) / {half!r} * {BINS})" if half else f"{x} * 0"


def _width(column: Measured) -> float | None:
    """Return how wide bins are that hold as many whole values each; None if values are not whole, or too many."""
    step = _STEPS.get(column.type)
    span = (column.high or 0.0) - (column.low or 0.0)
    if step is None or span / step >= _MOST_STEPS:
        return None
    return step * math.ceil((span / step + 1) / BINS)


def _half(column: Measured) -> float:
    return (column.high or 0.0) / 2 - (column.low or 0.0) / 2


def _scaled(value: float | None, by: float) -> float | None:
    if value is None:
        return None
    scaled = value * by
    return scaled if math.isfinite(scaled) else None
