"""A recorded race by one metric: what the referee and its rivals may see of it, and the truth that they may not."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ml.metrics import greater_is_better
from ml.referee.evidence import Evidence, evidence_of
from ml.row_scores import Answers, row_scores

METRICS = {"classification": ("Accuracy", "AUC", "F1", "MCC"), "regression": ("MAE", "RMSE", "R2")}

Numbers = npt.NDArray[Any]


@dataclass(frozen=True)
class Question:
    """One race by one metric. With C candidates and F folds:"""

    race: str
    dataset: str
    rows: int
    twins: bool
    """Whether the candidates differ by their dice alone."""
    metric: str
    candidates: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    truth: Numbers
    """(C,) mean score of the fold models on the holdout; greater is better, whatever the metric."""
    seconds: Numbers
    """(F, C) processor seconds of each fit."""

    @property
    def scores(self) -> Numbers:
        """Return (F, C) the fold scores; greater is better, whatever the metric."""
        scores = np.array([fold.scores for fold in self.evidence])
        return scores if greater_is_better(self.metric) else -scores


def questions_of(file: Path) -> Iterator[Question]:
    """Return a recorded race by each of its metrics, without the candidates that have no score by it."""
    with np.load(file) as stored:
        told = json.loads(str(stored["told"]))
        arrays = {name: stored[name] for name in stored.files if name != "told"}
    for metric in METRICS[told["task"]]:
        truth = arrays["truth"][:, :, told["metrics"].index(metric)].mean(axis=1)
        rows = [_rows_of(arrays, told["classes"], metric, place) for place in range(len(truth))]
        known = [place for place, each in enumerate(rows) if each is not None and np.isfinite(truth[place])]
        if len(known) < 2:
            continue
        yield Question(
            race=file.stem,
            dataset=told["dataset"],
            rows=told["rows"],
            twins=told["twins"],
            metric=metric,
            candidates=tuple(told["candidates"][place] for place in known),
            evidence=_evidence({told["candidates"][place]: each for place in known if (each := rows[place])}),
            truth=truth[known] if greater_is_better(metric) else -truth[known],
            seconds=arrays["seconds"][known].T,
        )


def _rows_of(arrays: dict[str, Numbers], classes: int, metric: str, place: int) -> list[Numbers] | None:
    """Return a candidate's row scores fold by fold; None if it has no score in one of them."""
    found = []
    for fold in range(int(arrays["fold"].max()) + 1):
        at = arrays["fold"] == fold
        ranking = arrays["ranking"][place][at] if classes else None
        rows = row_scores(metric, Answers(arrays["target"][at], arrays["predicted"][place][at], ranking, classes))
        if rows is None:
            return None
        found.append(rows)
    return found


def _evidence(rows: dict[str, list[Numbers]]) -> tuple[Evidence, ...]:
    folds: Sequence[int] = range(len(next(iter(rows.values()))))
    of_each = [{name: each[fold] for name, each in rows.items()} for fold in folds]
    return tuple(evidence_of({name: float(each.mean()) for name, each in fold.items()}, fold) for fold in of_each)
