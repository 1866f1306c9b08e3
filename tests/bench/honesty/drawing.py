"""Which races are recorded, and in which order: any first so many of them are of all datasets and sizes alike."""

import random
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path

from tests.bench.honesty.datasets import Dataset
from tests.bench.honesty.recording import Race

_SIZES = {400: 6, 800: 6, 1_600: 4, 3_200: 2, 5_000: 2}
"""Rows of a race, and how often it has so many."""
_FEWEST_HOLDOUT_ROWS = 3_000
_TWINS = 0.2
"""Share of races in which nobody is truly better."""
_SEED = 6


def drawn(datasets: Mapping[str, Dataset], packages: Path) -> Iterator[Race]:
    """Return races without end, the same ones every time.

    A dataset comes once a round, in a size that leaves enough rows to tell the truth.
    """
    rows = {name: len(dataset.rows(packages)[1]) for name, dataset in datasets.items()}
    dice = random.Random(_SEED)
    for number in count(1):
        names = sorted(datasets)
        dice.shuffle(names)
        for name in names:
            sizes = {size: weight for size, weight in _SIZES.items() if _held(rows[name], size)}
            size = dice.choices(list(sizes), list(sizes.values()))[0]
            yield Race(name, size, number, dice.random() < _TWINS)


def _held(rows: int, size: int) -> bool:
    return rows - size >= max(size, _FEWEST_HOLDOUT_ROWS)
