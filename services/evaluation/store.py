"""Evaluation's own state: experiments, the outcomes of their fits, and what the referee saw of each fold."""

import json
from typing import Any

import numpy as np
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from contracts.training import ExperimentStarted
from infra.state import Transaction
from ml.referee.evidence import Evidence, Numbers
from services.evaluation.domain.board import Board
from services.evaluation.domain.outcome import Outcome

METADATA = MetaData()

_experiments = Table(
    "experiments",
    METADATA,
    Column("experiment_id", String(128), primary_key=True),
    Column("started", Text, nullable=False),
    Column("completed", Boolean, nullable=False, default=False),
    Column("cancelled", Boolean, nullable=False, default=False),
    Column("judged", Boolean, nullable=False, default=False),
)
_outcomes = Table(
    "outcomes",
    METADATA,
    Column("experiment_id", String(128), primary_key=True),
    Column("fit_id", String(128), primary_key=True),
    Column("candidate", String(128), nullable=False),
    Column("fold", Integer, nullable=False),
    Column("score", Float),
    Column("seconds", Float, nullable=False),
    Column("problem", Text),
)
_costs = Table(
    "costs",
    METADATA,
    Column("experiment_id", String(128), primary_key=True),
    Column("fit_id", String(128), primary_key=True),
    Column("predictions", Text),
    Column("cpu_seconds", Float, nullable=False),
    Column("pipeline_bytes", BigInteger),
    Column("answer_seconds", Float),
    Column("slowest_seconds", Float),
)
"""More of an outcome; a table of its own, since states from before it have the other one."""
_evidence = Table(
    "evidence",
    METADATA,
    Column("experiment_id", String(128), primary_key=True),
    Column("fold", Integer, primary_key=True),
    Column("candidates", Text, nullable=False),
    Column("scores", LargeBinary, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("units", Integer, nullable=False),
    Column("products", LargeBinary),
    Column("heaviest", LargeBinary),
)
_OF_OUTCOME = [column for column in _outcomes.c if column.name != "experiment_id"]
_OF_COSTS = [column for column in _costs.c if column.name not in {"experiment_id", "fit_id"}]
_COST = {column.name for column in _OF_COSTS}


class BoardStore:
    """Every experiment's board."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, experiment_id: str) -> Board | None:
        """Return an experiment's board; None if it never started."""
        mine = _experiments.c.experiment_id == experiment_id
        query = select(_experiments.c.started, _experiments.c.completed, _experiments.c.cancelled).where(mine)
        row = self._transaction.execute(query).one_or_none()
        if row is None:
            return None
        return Board(
            started=ExperimentStarted.model_validate_json(row.started),
            outcomes=self._outcomes(experiment_id),
            completed=row.completed,
            cancelled=row.cancelled,
            evidence=self._evidence(experiment_id),
        )

    def remember_started(self, fact: ExperimentStarted) -> None:
        """Open a board; one that is open stays as it is."""
        known = select(_experiments.c.experiment_id).where(_experiments.c.experiment_id == fact.experiment_id)
        if self._transaction.execute(known).first() is None:
            started = {"experiment_id": fact.experiment_id, "started": fact.model_dump_json()}
            self._transaction.execute(insert(_experiments).values(started))

    def remember_outcome(self, experiment_id: str, outcome: Outcome) -> None:
        """Keep what a fit said."""
        said = vars(outcome)
        key = {"experiment_id": experiment_id, "fit_id": outcome.fit_id}
        costs = {name: value for name, value in said.items() if name in _COST}
        self._transaction.execute(insert(_outcomes).values(key | {k: v for k, v in said.items() if k not in _COST}))
        self._transaction.execute(insert(_costs).values(key | costs))

    def remember_evidence(self, experiment_id: str, fold: int, seen: Evidence) -> None:
        """Keep what the referee saw of a fold."""
        values = {
            "experiment_id": experiment_id,
            "fold": fold,
            "candidates": json.dumps(seen.candidates),
            "scores": seen.scores.tobytes(),
            "rows": seen.rows,
            "units": seen.units,
            "products": None if seen.products is None else seen.products.tobytes(),
            "heaviest": None if seen.heaviest is None else seen.heaviest.tobytes(),
        }
        self._transaction.execute(insert(_evidence).values(values))

    def remember_completed(self, experiment_id: str) -> None:
        """Keep that training has completed the experiment."""
        query = update(_experiments).where(_experiments.c.experiment_id == experiment_id)
        self._transaction.execute(query.values(completed=True))

    def remember_cancelled(self, experiment_id: str) -> None:
        """Keep that the experiment was cancelled."""
        query = update(_experiments).where(_experiments.c.experiment_id == experiment_id)
        self._transaction.execute(query.values(cancelled=True))

    def judge(self, experiment_id: str) -> bool:
        """Keep that the winner was named; return whether it is the first time."""
        query = update(_experiments).where(_experiments.c.experiment_id == experiment_id, ~_experiments.c.judged)
        return self._transaction.execute(query.values(judged=True)).rowcount == 1

    def _outcomes(self, experiment_id: str) -> list[Outcome]:
        both = _outcomes.outerjoin(
            _costs, (_costs.c.experiment_id == _outcomes.c.experiment_id) & (_costs.c.fit_id == _outcomes.c.fit_id)
        )
        query = select(*_OF_OUTCOME, *_OF_COSTS).select_from(both).where(_outcomes.c.experiment_id == experiment_id)
        told = self._transaction.execute(query).mappings()
        return [Outcome(**{**outcome, "cpu_seconds": outcome["cpu_seconds"] or 0.0}) for outcome in told]

    def _evidence(self, experiment_id: str) -> list[Evidence]:
        query = select(_evidence).where(_evidence.c.experiment_id == experiment_id).order_by(_evidence.c.fold)
        return [_seen(row) for row in self._transaction.execute(query)]


def _seen(row: Row[Any]) -> Evidence:
    candidates = tuple(json.loads(row.candidates))
    return Evidence(
        candidates=candidates,
        scores=np.frombuffer(row.scores),
        rows=row.rows,
        units=row.units,
        products=_table(row.products, len(candidates)),
        heaviest=_table(row.heaviest, len(candidates)),
    )


def _table(numbers: bytes | None, rows: int) -> Numbers | None:
    return None if numbers is None else np.frombuffer(numbers).reshape(rows, -1)
