"""One race, run to its end and written down: what each candidate said of every row, and how good it truly is."""

import json
import os
import time
import warnings
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from ml.metrics import METRICS, Task
from ml.scoring import score_classification, score_regression
from ml.splits import Split, folds_of
from tests.bench.honesty.candidates import candidates_of, twins_of
from tests.bench.honesty.datasets import Dataset

RACES = Path.home() / ".cache" / "trackside" / "races"
"""Where races are kept, unless someone asks for another place."""
FOLDS = 10
_HOLDOUT_ROWS = 6_000
_HOLDOUT_SHARE = 3
_MOST_LABELS = 20

Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Race:
    """Which race it is; all else follows from it."""

    dataset: str
    rows: int
    seed: int
    twins: bool
    """Whether its candidates differ by their dice alone."""

    @property
    def name(self) -> str:
        """The name of its file, without the ending."""
        return f"{self.dataset}-{self.rows}-{self.seed}{'-twins' if self.twins else ''}"


@dataclass(frozen=True)
class _Data:
    """What a race learns from, and what tells the truth."""

    task: Task
    classes: int
    """0 in regression."""
    columns: pd.DataFrame
    target: Numbers
    held_columns: pd.DataFrame
    held_target: Numbers


def record(race: Race, dataset: Dataset, packages: Path, out: Path, between: Callable[[], None]) -> tuple[int, int]:
    """Run a race and write it into ``out`` at once, or not at all; return how many raced, and the holdout's rows.

    Args:
        race: which one.
        dataset: what it samples.
        packages: where the datasets' packages are.
        out: the folder for the file, a compressed ``.npz``.
        between: called before each fit.
    """
    data = _data(race, *dataset.rows(packages), dataset.task)
    splits = folds_of(data.target, data.task, FOLDS, race.seed)
    made = (twins_of if race.twins else candidates_of)(data.task, race.seed)
    prepared = [_prepared(data, split) for split in splits]
    said = {}
    for candidate, make in made.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = _raced(make, data, splits, prepared, between)
        if found is not None:
            said[candidate] = found
    _write(out / f"{race.name}.npz", _told(race, data, said), _arrays(data, splits, said))
    return len(said), len(data.held_target)


def _data(race: Race, columns: pd.DataFrame, target: pd.Series, task: Task) -> _Data:
    words = columns.select_dtypes(["object", "category", "bool"]).columns
    columns = columns.assign(**{name: columns[name].astype(str) for name in words})
    if task == "classification":
        labels, answers = np.unique(target.to_numpy(), return_inverse=True)
    else:
        labels, answers = (), target.to_numpy(dtype=float)
    order = np.random.default_rng([race.seed, race.rows, race.twins]).permutation(len(columns))
    # The holdout must be told from noise by more than the race is: it has some times the race's rows where there are.
    most = max(_HOLDOUT_ROWS, _HOLDOUT_SHARE * race.rows)
    mine, held = np.split(order[: race.rows + most], [race.rows])
    return _Data(task, len(labels), columns.iloc[mine], answers[mine], columns.iloc[held], answers[held])


def _prepared(data: _Data, split: Split) -> tuple[Numbers, Numbers, Numbers]:
    """Return as numbers, by what the first tell: the rows to train on, those kept out, and the holdout."""
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    words = OneHotEncoder(max_categories=_MOST_LABELS, handle_unknown="infrequent_if_exist", sparse_output=False)
    preprocessing = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")), (words, make_column_selector(dtype_include="object"))
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        train = preprocessing.fit_transform(data.columns.iloc[split.train])
        return train, preprocessing.transform(data.columns.iloc[split.test]), preprocessing.transform(data.held_columns)


@dataclass(frozen=True)
class _Said:
    """What one candidate came to."""

    predicted: Numbers
    """One value a row."""
    ranking: Numbers
    """What orders the rows: one number each with two classes, one for each class with more, none in regression."""
    truth: Numbers
    """What each fold's model scores on the holdout; by fold and metric."""
    seconds: Numbers
    """Processor seconds of each fit and its predictions."""


def _raced(
    make: Callable[[], Any],
    data: _Data,
    splits: tuple[Split, ...],
    prepared: list[tuple[Numbers, Numbers, Numbers]],
    between: Callable[[], None],
) -> _Said | None:
    """Return what a candidate says in all folds; None if it says nothing finite of some row."""
    shape = () if data.classes == 2 else (data.classes,)
    predicted, ranking = np.zeros(len(data.target)), np.zeros((len(data.target), *shape), np.float32)
    truth, seconds = [], []
    for split, (train, test, held) in zip(splits, prepared, strict=True):
        between()
        began = time.process_time()
        try:
            model = make().fit(train, data.target[split.train])
        except (ValueError, np.linalg.LinAlgError):
            return None
        predicted[split.test], ranking[split.test] = _answers(model, test, data.classes)
        seconds.append(time.process_time() - began)
        truth.append(_scores(data, *_answers(model, held, data.classes)))
    finite = np.isfinite(predicted).all() and np.isfinite(ranking).all()
    return _Said(predicted, ranking, np.array(truth, dtype=float), np.array(seconds)) if finite else None


def _answers(model: Any, columns: Numbers, classes: int) -> tuple[Numbers, Numbers]:
    """Return what a model says of rows, and what orders them."""
    if not classes:
        return np.asarray(model.predict(columns)), np.zeros((len(columns), 0))
    if not hasattr(model, "predict_proba"):
        return np.asarray(model.predict(columns)), np.asarray(model.decision_function(columns))
    shares = np.asarray(model.predict_proba(columns))
    return shares.argmax(axis=1), shares[:, 1] if classes == 2 else shares


def _scores(data: _Data, predicted: Numbers, ranking: Numbers) -> list[float | None]:
    if data.task == "classification":
        scores = score_classification(data.held_target, predicted, ranking, data.classes)
    else:
        scores = score_regression(data.held_target, predicted)
    return [scores[metric] for metric in METRICS[data.task]]


def _told(race: Race, data: _Data, said: dict[str, _Said]) -> dict[str, object]:
    return {
        **asdict(race),
        "task": data.task,
        "classes": data.classes,
        "holdout": len(data.held_target),
        "candidates": list(said),
        "metrics": METRICS[data.task],
    }


def _arrays(data: _Data, splits: tuple[Split, ...], said: dict[str, _Said]) -> dict[str, Numbers]:
    fold = np.zeros(len(data.target), np.int8)
    for number, split in enumerate(splits):
        fold[split.test] = number
    kind = np.int8 if data.task == "classification" else np.float64
    return {
        "fold": fold,
        "target": data.target.astype(kind),
        "predicted": np.stack([each.predicted for each in said.values()]).astype(kind),
        "ranking": np.stack([each.ranking for each in said.values()]),
        "truth": np.stack([each.truth for each in said.values()]),
        "seconds": np.stack([each.seconds for each in said.values()]),
    }


def _write(file: Path, told: dict[str, object], arrays: dict[str, Numbers]) -> None:
    """Write a file that is there as a whole or not at all, whenever the process ends."""
    part = file.with_suffix(".part")
    with part.open("wb") as stream:
        np.savez_compressed(stream, told=np.array(json.dumps(told)), **arrays)
        stream.flush()
        os.fsync(stream.fileno())
    part.replace(file)
