"""The recorder's own state: which runs there are, and what their fits measured."""

import json

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, insert, select

from contracts.evaluation import CandidateRetired
from contracts.training import ExperimentStarted, FitCompleted, FitFailed, ModelVersionRecorded
from infra.state import Transaction
from services.training.recorder.domain import Scores

METADATA = MetaData()

_experiments = Table(
    "experiments",
    METADATA,
    Column("experiment_id", String(128), primary_key=True),
    Column("started", Text, nullable=False),
)
_runs = Table(
    "runs",
    METADATA,
    Column("experiment_id", String(128), primary_key=True),
    Column("candidate", String(128), primary_key=True),
    Column("run_id", String(64), nullable=False),
)
_fits = Table(
    "fits",
    METADATA,
    Column("experiment_id", String(128), primary_key=True),
    Column("fit_id", String(128), primary_key=True),
    Column("candidate", String(128), nullable=False),
    Column("fold", Integer, nullable=False),
    Column("scores", Text),
)
_retired = Table(
    "retired",
    METADATA,
    Column("experiment_id", String(128), primary_key=True),
    Column("candidate", String(128), primary_key=True),
    Column("folds", Integer, nullable=False),
)
_models = Table(
    "recorded_models",
    METADATA,
    Column("model_version_id", String(128), primary_key=True),
    Column("recorded", Text, nullable=False),
)


class RunStore:
    """Runs by experiment and candidate."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def remember_started(self, fact: ExperimentStarted) -> bool:
        """Keep a new experiment; return whether it is one."""
        if self.started(fact.experiment_id) is not None:
            return False
        values = {"experiment_id": fact.experiment_id, "started": fact.model_dump_json()}
        self._transaction.execute(insert(_experiments).values(values))
        return True

    def started(self, experiment_id: str) -> ExperimentStarted | None:
        """Return how an experiment started; None if it did not."""
        query = select(_experiments.c.started).where(_experiments.c.experiment_id == experiment_id)
        fact = self._transaction.execute(query).scalar_one_or_none()
        return None if fact is None else ExperimentStarted.model_validate_json(fact)

    def put(self, experiment_id: str, candidate: str, run_id: str) -> None:
        """Keep the run of a candidate."""
        values = {"experiment_id": experiment_id, "candidate": candidate, "run_id": run_id}
        self._transaction.execute(insert(_runs).values(values))

    def run_of(self, experiment_id: str, candidate: str) -> str | None:
        """Return the run of a candidate; None if its experiment is unknown."""
        query = select(_runs.c.run_id).filter_by(experiment_id=experiment_id, candidate=candidate)
        run_id: str | None = self._transaction.execute(query).scalar_one_or_none()
        return run_id

    def remember_fit(self, fact: FitCompleted | FitFailed) -> bool:
        """Keep a fit's outcome; return whether it is the first of that fit."""
        key = {"experiment_id": fact.experiment_id, "fit_id": fact.fit_id}
        if self._transaction.execute(select(_fits.c.fold).filter_by(**key)).first():
            return False
        scores = json.dumps(fact.scores) if isinstance(fact, FitCompleted) else None
        values = {**key, "candidate": fact.candidate, "fold": fact.fold, "scores": scores}
        self._transaction.execute(insert(_fits).values(values))
        return True

    def fits_of(self, experiment_id: str, candidate: str) -> list[Scores]:
        """Return what the fits of a candidate left behind."""
        query = select(_fits.c.fold, _fits.c.scores).filter_by(experiment_id=experiment_id, candidate=candidate)
        return [
            Scores(row.fold, {} if row.scores is None else json.loads(row.scores), failed=row.scores is None)
            for row in self._transaction.execute(query)
        ]

    def remember_retired(self, fact: CandidateRetired) -> bool:
        """Keep after how many folds a candidate was retired; return whether that is new."""
        if self.retired_after(fact.experiment_id, fact.candidate) is not None:
            return False
        values = {"experiment_id": fact.experiment_id, "candidate": fact.candidate, "folds": fact.folds}
        self._transaction.execute(insert(_retired).values(values))
        return True

    def retired_after(self, experiment_id: str, candidate: str) -> int | None:
        """Return after how many folds a candidate was retired; None if it was not."""
        query = select(_retired.c.folds).filter_by(experiment_id=experiment_id, candidate=candidate)
        folds: int | None = self._transaction.execute(query).scalar_one_or_none()
        return folds

    def recorded_model(self, model_version_id: str) -> ModelVersionRecorded | None:
        """Return how a model version was recorded; None if it was not yet."""
        query = select(_models.c.recorded).filter_by(model_version_id=model_version_id)
        fact = self._transaction.execute(query).scalar_one_or_none()
        return None if fact is None else ModelVersionRecorded.model_validate_json(fact)

    def remember_model(self, fact: ModelVersionRecorded) -> None:
        """Keep how a model version was recorded."""
        values = {"model_version_id": fact.model_version_id, "recorded": fact.model_dump_json()}
        self._transaction.execute(insert(_models).values(values))
