"""A CSV of mixed columns, as large as is asked for: made on the fly, the same each time."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pc

_BLOCK = 200_000
"""Rows that are made at a time."""
_SEED = 7
_CITIES = np.array([f"city {number:03d}" for number in range(250)])
_NOTES = np.array(["", "late", 'a "quoted" word', "one, two and three", "wait for the next", "ok"])
_DAY = 86_400
_YEAR = 365 * _DAY

COLUMNS = {
    "id": "BIGINT",
    "city": "VARCHAR",
    "day": "DATE",
    "at": "TIMESTAMP",
    "amount": "DOUBLE",
    "score": "DOUBLE",
    "count": "BIGINT",
    "seats": "BIGINT",
    "late": "BOOLEAN",
    "code": "VARCHAR",
    "note": "VARCHAR",
    "share": "DOUBLE",
}
"""What DuckDB is told that they are."""


def write(path: Path, size: int) -> int:
    """Write at least ``size`` bytes of whole rows to ``path``; return how many rows."""
    rows = 0
    with path.open("wb") as file:
        while file.tell() < size:
            block = _block(rows)
            pc.write_csv(block, file, pc.WriteOptions(include_header=rows == 0))
            rows += len(block)
    return rows


def _block(first: int) -> pa.Table:
    chance = np.random.default_rng([_SEED, first])
    moments = chance.integers(1_700_000_000, 1_700_000_000 + _YEAR, _BLOCK)
    columns = [
        np.arange(first, first + _BLOCK),
        _CITIES[chance.integers(0, len(_CITIES), _BLOCK)],
        (moments // _DAY).astype("datetime64[D]"),
        moments.astype("datetime64[s]"),
        np.round(chance.lognormal(3, 1, _BLOCK), 2),
        chance.normal(size=_BLOCK),
        chance.poisson(3, _BLOCK),
        chance.integers(1, 400, _BLOCK),
        chance.random(_BLOCK) < 0.2,
        np.char.zfill(chance.integers(0, 99_999, _BLOCK).astype(str), 5),
        _NOTES[chance.integers(0, len(_NOTES), _BLOCK)],
        chance.random(_BLOCK),
    ]
    return pa.table([_with_gaps(column, chance) for column in columns], names=list(COLUMNS))


def _with_gaps(values: npt.NDArray[Any], chance: np.random.Generator) -> pa.Array:
    return pa.array(values, mask=chance.random(len(values)) < 0.01)
