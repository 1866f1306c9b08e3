"""Serving's own state: the model versions that it heard of, and what was deployed under which name."""

from sqlalchemy import Column, Integer, MetaData, String, Table, Text, func, insert, select

from contracts.serving import DeploymentReady
from contracts.training import ModelVersionCreated
from infra.state import Transaction

METADATA = MetaData()

_versions = Table(
    "model_versions",
    METADATA,
    Column("model_version_id", String(128), primary_key=True),
    # Experiments by the same plan make the same model version.
    Column("experiment_id", String(128), primary_key=True, index=True),
    Column("place", Integer, nullable=False),
    Column("fact", Text, nullable=False),
)
_deployments = Table(
    "deployments",
    METADATA,
    Column("deployment_id", String(128), primary_key=True),
    Column("name", String(63), nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("fact", Text, nullable=False),
)


class ModelVersionStore:
    """The model versions that serving heard of."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def remember(self, fact: ModelVersionCreated) -> None:
        """Know this model version; knowing it already changes nothing."""
        key = {"model_version_id": fact.model_version_id, "experiment_id": fact.experiment_id}
        if self._transaction.execute(select(_versions.c.place).filter_by(**key)).first() is None:
            self._transaction.execute(
                insert(_versions).values(
                    **key,
                    place=_next(self._transaction, _versions),
                    fact=fact.model_dump_json(),
                )
            )

    def find(self, model: str) -> ModelVersionCreated | None:
        """Return the model version with this id, or the latest that the experiment with this id made."""
        query = (
            select(_versions.c.fact)
            .where((_versions.c.model_version_id == model) | (_versions.c.experiment_id == model))
            .order_by(_versions.c.place.desc())
            .limit(1)
        )
        fact = self._transaction.execute(query).scalar_one_or_none()
        return None if fact is None else ModelVersionCreated.model_validate_json(fact)


class DeploymentStore:
    """What was deployed; the latest under a name is what answers."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def remember(self, fact: DeploymentReady) -> None:
        """Make this what answers under its name; remembering it already changes nothing."""
        if self.find(fact.deployment_id) is None:
            self._transaction.execute(
                insert(_deployments).values(
                    deployment_id=fact.deployment_id,
                    name=fact.name,
                    place=_next(self._transaction, _deployments),
                    fact=fact.model_dump_json(),
                )
            )

    def find(self, deployment_id: str) -> DeploymentReady | None:
        """Return what was deployed by the command with this key."""
        query = select(_deployments.c.fact).where(_deployments.c.deployment_id == deployment_id)
        fact = self._transaction.execute(query).scalar_one_or_none()
        return None if fact is None else DeploymentReady.model_validate_json(fact)

    def current(self) -> list[DeploymentReady]:
        """Return what answers under each name, by name."""
        latest = select(func.max(_deployments.c.place)).group_by(_deployments.c.name)
        query = select(_deployments.c.fact).where(_deployments.c.place.in_(latest)).order_by(_deployments.c.name)
        return [DeploymentReady.model_validate_json(fact) for fact in self._transaction.execute(query).scalars()]


def _next(transaction: Transaction, table: Table) -> int:
    return int(transaction.execute(select(func.coalesce(func.max(table.c.place), 0))).scalar_one()) + 1
