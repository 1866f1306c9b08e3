"""Datasets of 5,000 rows and more to retire candidates on, as CSV files, and small samples of two of them.

The list was written down before the first race, and all of it is told. The referee's rule was chosen on other questions
but for the flights, which are the demo's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from ml.metrics import Task
from tests.bench.honesty.datasets import DATASETS, installed
from tests.bench.honesty.recording import RACES
from ui.cli.flights import TARGET, write_flights

_FLIGHTS = "flights"
_SEED = 11


@dataclass(frozen=True)
class Shipped:
    """A dataset that an installable package ships, or a sample of it."""

    dataset: str
    """``flights``, or a name in ``DATASETS``."""
    sample: int | None = None
    """How many of its rows; all if None."""

    @property
    def task(self) -> Task:
        """Return what is asked of it."""
        return "classification" if self.dataset == _FLIGHTS else DATASETS[self.dataset].task

    @property
    def target(self) -> str:
        """Return what is predicted."""
        return TARGET if self.dataset == _FLIGHTS else DATASETS[self.dataset].target

    def write(self, file: Path) -> None:
        """Write its rows as CSV, the same each time."""
        frame = self._frame(file)
        if self.sample is not None:
            frame = frame.sample(self.sample, random_state=_SEED)
        frame.to_csv(file, index=False)

    def _frame(self, file: Path) -> pd.DataFrame:
        if self.dataset == _FLIGHTS:
            write_flights(file)
            return pd.read_csv(file)
        columns, target = DATASETS[self.dataset].rows(installed(RACES))
        return columns.assign(**{self.target: target})


LARGE = (
    _FLIGHTS,
    "telco_churn",
    "insured",
    "satimage",
    "magic",
    "computer_price",
    "delivery",
    "hotel_price",
    "wage_1988",
)
"""5,000 to 28,155 rows: what the medians are of."""
_SMALL = ((_FLIGHTS, 400), (_FLIGHTS, 1000), ("computer_price", 400), ("computer_price", 1000))

SHIPPED: Mapping[str, Shipped] = MappingProxyType(
    {
        **{name: Shipped(name) for name in LARGE},
        **{f"{name}_{sample}": Shipped(name, sample) for name, sample in _SMALL},
    }
)
"""By name."""
