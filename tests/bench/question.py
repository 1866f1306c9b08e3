"""Questions to put to several tools: the same rows to learn from, and a holdout whose answers none of them sees."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
from sklearn.datasets import load_digits, make_classification
from sklearn.model_selection import train_test_split

from ui.cli.flights import TARGET, write_flights

_HOLDOUT = 0.3
_SEED = 7


@dataclass(frozen=True)
class Question:
    """One question, as files."""

    name: str
    target: str
    metric: str
    """What ranks, inside the tools and on the holdout; in our words for metrics."""
    train: Path
    """Rows with their answers."""
    holdout: Path
    """Rows without."""
    truth: tuple[str, ...]
    """The answers of the holdout."""


def asked(name: str, folder: Path) -> Question:
    """Write the files of a question into ``folder``."""
    frame, target, metric = QUESTIONS[name](folder)
    kept, held = train_test_split(frame, test_size=_HOLDOUT, random_state=_SEED, stratify=frame[target])
    train, holdout = folder / "train.csv", folder / "holdout.csv"
    kept.to_csv(train, index=False)
    held.drop(columns=[target]).to_csv(holdout, index=False)
    return Question(name, target, metric, train, holdout, tuple(map(str, held[target])))


def _flights(folder: Path) -> tuple[pd.DataFrame, str, str]:
    """5,000 flights: numbers, categories and gaps; will one arrive late?"""
    file = folder / "flights.csv"
    write_flights(file)
    return pd.read_csv(file), TARGET, "AUC"


def _digits(_folder: Path) -> tuple[pd.DataFrame, str, str]:
    """1,797 pictures of digits, 64 numbers each: which of ten is it?"""
    pictures: Any = load_digits(as_frame=True)
    return pictures.data.assign(digit="d" + pictures.target.astype(str)), "digit", "Accuracy"


def _made(_folder: Path) -> tuple[pd.DataFrame, str, str]:
    """20,000 rows made by a formula, 30 numbers of which 12 matter, a tenth of the answers wrong."""
    numbers, classes = make_classification(
        20_000, 30, n_informative=12, n_redundant=4, n_clusters_per_class=4, flip_y=0.1, random_state=_SEED
    )
    frame = pd.DataFrame(numbers, columns=[f"x{place}" for place in range(numbers.shape[1])])
    return frame.assign(answer=["yes" if each else "no" for each in classes]), "answer", "AUC"


QUESTIONS: Mapping[str, Callable[[Path], tuple[pd.DataFrame, str, str]]] = MappingProxyType(
    {"flights": _flights, "digits": _digits, "made": _made}
)
