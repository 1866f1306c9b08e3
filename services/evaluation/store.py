"""Evaluation's own state: experiments and the outcomes of their fits."""

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, String, Table, Text, insert, select, update

from contracts.training import ExperimentStarted
from infra.state import Transaction
from services.evaluation.domain.board import Board, Outcome

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
_OUTCOME = [column for column in _outcomes.c if column.name != "experiment_id"]


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
        told = self._transaction.execute(select(*_OUTCOME).where(_outcomes.c.experiment_id == experiment_id))
        started = ExperimentStarted.model_validate_json(row.started)
        return Board(started, [Outcome(**outcome) for outcome in told.mappings()], row.completed, row.cancelled)

    def remember_started(self, fact: ExperimentStarted) -> None:
        """Open a board; one that is open stays as it is."""
        known = select(_experiments.c.experiment_id).where(_experiments.c.experiment_id == fact.experiment_id)
        if self._transaction.execute(known).first() is None:
            started = {"experiment_id": fact.experiment_id, "started": fact.model_dump_json()}
            self._transaction.execute(insert(_experiments).values(started))

    def remember_outcome(self, experiment_id: str, outcome: Outcome) -> None:
        """Keep what a fit said."""
        self._transaction.execute(insert(_outcomes).values(experiment_id=experiment_id, **vars(outcome)))

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
