"""Training's own state: the dataset versions that it heard of, its experiments, and which fits have an outcome."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Row, String, Table, Text, delete, func, insert, select, update

from contracts.evaluation import CandidateRetired
from contracts.ids import ExperimentId, ModelVersionId
from contracts.ingest import DatasetVersionRegistered
from contracts.training import ExperimentCancelled, ExperimentCompleted, ExperimentStarted, FitCompleted, FitFailed
from contracts.versions import DatasetVersionRemoved
from infra.state import Transaction
from services.training.domain.experiment import Ended, Experiment
from services.training.domain.fits import ids_from

METADATA = MetaData()

_versions = Table(
    "dataset_versions",
    METADATA,
    Column("dataset", String(63), primary_key=True),
    Column("version", String(128), primary_key=True),
    Column("heard", Integer, nullable=False),
    Column("fact", Text, nullable=False),
)
_removed = Table(
    "removed_versions",
    METADATA,
    Column("dataset", String(63), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("fact", Text, nullable=False),
)
_experiments = Table(
    "experiments",
    METADATA,
    Column("experiment_id", String(128), primary_key=True),
    Column("place", Integer, nullable=False),
    Column("started", Text, nullable=False),
    Column("dispatched", Integer, nullable=False, default=0),
    Column("completed", Integer, nullable=False, default=0),
    Column("failed", Integer, nullable=False, default=0),
    Column("status", String(16), nullable=False, default="running"),
    Column("ended", Text),
    Column("model_version_id", String(128)),
)
_outcomes = Table(
    "outcomes",
    METADATA,
    Column("experiment_id", String(128), primary_key=True),
    Column("fit_id", String(128), primary_key=True),
)
_retired = Table(
    "retired",
    METADATA,
    Column("experiment_id", String(128), primary_key=True),
    Column("candidate", String(128), primary_key=True),
    Column("folds", Integer, nullable=False),
    Column("beyond", Integer, nullable=False),
)


class DatasetStore:
    """The dataset versions that training heard of."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def remember(self, fact: DatasetVersionRegistered) -> None:
        """Make this the latest version of its dataset."""
        row = (_versions.c.dataset == fact.name) & (_versions.c.version == fact.version)
        latest = self._transaction.execute(select(func.coalesce(func.max(_versions.c.heard), 0))).scalar_one()
        values = {"heard": latest + 1, "fact": fact.model_dump_json()}
        if not self._transaction.execute(update(_versions).where(row).values(values)).rowcount:
            self._transaction.execute(insert(_versions).values(dataset=fact.name, version=fact.version, **values))

    def versions(self, dataset: str) -> list[DatasetVersionRegistered]:
        """Return the versions of a dataset, the latest first."""
        query = select(_versions.c.fact).where(_versions.c.dataset == dataset).order_by(_versions.c.heard.desc())
        return [
            DatasetVersionRegistered.model_validate_json(fact) for fact in self._transaction.execute(query).scalars()
        ]

    def forget(self, fact: DatasetVersionRemoved) -> None:
        """Know that a version is gone; its content stays known if another version of the dataset has it."""
        row = {"dataset": fact.name, "number": fact.number}
        gone = (_removed.c.dataset == fact.name) & (_removed.c.number == fact.number)
        self._transaction.execute(delete(_removed).where(gone))
        self._transaction.execute(insert(_removed).values(fact=fact.model_dump_json(), **row))
        if any(other.name == fact.name for other in fact.kept_for):
            return
        numbers = {removed.number for removed in self.removed(fact.name)}
        for version in self.versions(fact.name):
            # The same content may have come again since, under another number.
            if version.version == fact.version and version.number in numbers:
                known = (_versions.c.dataset == fact.name) & (_versions.c.version == fact.version)
                self._transaction.execute(delete(_versions).where(known))

    def removed(self, dataset: str) -> list[DatasetVersionRemoved]:
        """Return the versions of a dataset that are gone, the latest first."""
        query = select(_removed.c.fact).where(_removed.c.dataset == dataset).order_by(_removed.c.number.desc())
        return [DatasetVersionRemoved.model_validate_json(fact) for fact in self._transaction.execute(query).scalars()]

    def names(self) -> list[str]:
        """Return the names of all datasets."""
        query = select(_versions.c.dataset).distinct().order_by(_versions.c.dataset)
        return list(self._transaction.execute(query).scalars())


class ExperimentStore:
    """Experiments, and the outcomes of their fits."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, experiment_id: str) -> Experiment | None:
        """Return an experiment; None if there is none."""
        query = select(_experiments).where(_experiments.c.experiment_id == experiment_id)
        row = self._transaction.execute(query).one_or_none()
        if row is None:
            return None
        experiment = _experiment(row)
        if experiment.started.plan.rule is None:
            return experiment  # nobody is retired, and nobody is asked for
        retired = select(_retired).where(_retired.c.experiment_id == experiment_id)
        return _with(experiment, self._transaction.execute(retired).all())

    def all(self) -> list[Experiment]:
        """Return every experiment, the latest first."""
        query = select(_experiments).order_by(_experiments.c.place.desc())
        retired: defaultdict[str, list[Row[Any]]] = defaultdict(list)
        for row in self._transaction.execute(select(_retired)):
            retired[row.experiment_id].append(row)
        return [_with(_experiment(row), retired[row.experiment_id]) for row in self._transaction.execute(query)]

    def remember_started(self, fact: ExperimentStarted) -> Experiment:
        """Keep a new experiment, and return it; one that is known stays as it is."""
        if known := self.find(fact.experiment_id):
            return known
        place = self._transaction.execute(select(func.count()).select_from(_experiments)).scalar_one()
        started = {"experiment_id": fact.experiment_id, "place": place, "started": fact.model_dump_json()}
        self._transaction.execute(insert(_experiments).values(started))
        return Experiment(fact)

    def remember_dispatched(self, experiment_id: ExperimentId, dispatched: int) -> None:
        """Keep how many places are behind the experiment."""
        self._update(experiment_id, dispatched=dispatched)

    def remember_outcome(self, fact: FitCompleted | FitFailed) -> Experiment | None:
        """Count a fit's outcome, and return its experiment; None if it was counted, or belongs to none."""
        experiment = self.find(fact.experiment_id)
        key = {"experiment_id": fact.experiment_id, "fit_id": fact.fit_id}
        if experiment is None or self._transaction.execute(select(_outcomes).filter_by(**key)).first():
            return None
        self._transaction.execute(insert(_outcomes).values(key))
        counter = _experiments.c.completed if isinstance(fact, FitCompleted) else _experiments.c.failed
        self._update(fact.experiment_id, **{counter.name: counter + 1})
        if not experiment.owes(fact.candidate, fact.fold):
            of_candidate = {"experiment_id": fact.experiment_id, "candidate": fact.candidate}
            self._transaction.execute(update(_retired).filter_by(**of_candidate).values(beyond=_retired.c.beyond + 1))
        return self.find(fact.experiment_id)

    def remember_retired(self, fact: CandidateRetired) -> Experiment | None:
        """Owe no more fits of a candidate, and return its experiment; None if it was retired, or cannot be."""
        experiment = self.find(fact.experiment_id)
        if experiment is None or experiment.started.plan.rule is None or fact.candidate in experiment.retired:
            return None
        no_more = ids_from(experiment.id, experiment.started.plan, fact.candidate, fact.folds)
        key = (_outcomes.c.experiment_id == experiment.id) & _outcomes.c.fit_id.in_(no_more)
        beyond = self._transaction.execute(select(func.count()).select_from(_outcomes).where(key)).scalar_one()
        values = {"candidate": fact.candidate, "folds": fact.folds, "beyond": beyond}
        self._transaction.execute(insert(_retired).values(experiment_id=experiment.id, **values))
        return self.find(fact.experiment_id)

    def remember_ended(self, fact: Ended) -> None:
        """Keep how an experiment ended."""
        status = "completed" if isinstance(fact, ExperimentCompleted) else "cancelled"
        self._update(fact.experiment_id, status=status, ended=fact.model_dump_json())

    def remember_model(self, experiment_id: ExperimentId, model_version_id: ModelVersionId) -> None:
        """Keep which model version an experiment made."""
        self._update(experiment_id, model_version_id=model_version_id)

    def _update(self, experiment_id: ExperimentId, **values: object) -> None:
        query = update(_experiments).where(_experiments.c.experiment_id == experiment_id)
        self._transaction.execute(query.values(values))


def _experiment(row: Row[Any]) -> Experiment:
    return Experiment(
        started=ExperimentStarted.model_validate_json(row.started),
        dispatched=row.dispatched,
        completed=row.completed,
        failed=row.failed,
        ended=_ended(row.status, row.ended),
        model_version_id=row.model_version_id,
    )


def _with(experiment: Experiment, retired: Sequence[Row[Any]]) -> Experiment:
    beyond = sum(row.beyond for row in retired)
    return replace(experiment, retired={row.candidate: row.folds for row in retired}, beyond=beyond)


def _ended(status: str, fact: str | None) -> Ended | None:
    if fact is None:
        return None
    kind = ExperimentCompleted if status == "completed" else ExperimentCancelled
    return kind.model_validate_json(fact)
