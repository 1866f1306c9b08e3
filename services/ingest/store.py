"""Ingest's own state: its answers, the versions that they stated, and who is let in from outside."""

from sqlalchemy import Column, Integer, MetaData, Select, String, Table, Text, delete, func, insert, select

from contracts.ids import DatasetVersionId
from contracts.ingest import DatasetRejected, DatasetVersionRegistered
from contracts.publishers import PublisherAdded
from infra.state import Transaction
from services.ingest.ports import Answer

METADATA = MetaData()

_ANSWERS = Table(
    "ingest_answers",
    METADATA,
    Column("ingestion_id", String(128), primary_key=True),
    Column("subject", String(128), nullable=False),
    Column("body", Text, nullable=False),
)
_VERSIONS = Table(
    "ingest_versions",
    METADATA,
    Column("name", String(63), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("version", String(64), nullable=False, index=True),
    Column("body", Text, nullable=False),
)
_PUBLISHERS = Table(
    "ingest_publishers",
    METADATA,
    Column("name", String(63), primary_key=True),
    Column("body", Text, nullable=False),
)


class VersionStore:
    """The Versions port over SQL."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def answer(self, ingestion_id: str) -> Answer | None:
        """Return what this ingestion was answered, if it was."""
        query = select(_ANSWERS.c.subject, _ANSWERS.c.body).where(_ANSWERS.c.ingestion_id == ingestion_id)
        row = self._transaction.execute(query).first()
        if row is None:
            return None
        kind = DatasetRejected if row.subject == DatasetRejected.subject else DatasetVersionRegistered
        return kind.model_validate_json(row.body)

    def latest(self, name: str) -> DatasetVersionRegistered | None:
        """Return the latest version of the dataset ``name``."""
        return _event(self._transaction.execute(_latest(name)).scalar())

    def glance(self, name: str) -> DatasetVersionRegistered | None:
        """Return the latest version as it is now, and lock nothing: it may be another one a moment later."""
        return _event(self._transaction.glance(_latest(name)).scalar())

    def with_content(self, version: DatasetVersionId) -> DatasetVersionRegistered | None:
        """Return the first registration of this content in the order of names, under whatever name."""
        query = select(_VERSIONS.c.body).where(_VERSIONS.c.version == version)
        ordered = query.order_by(_VERSIONS.c.name, _VERSIONS.c.number).limit(1)
        return _event(self._transaction.execute(ordered).scalar())

    def record(self, answer: Answer) -> None:
        """Remember an answer, and the version that it states; a second time changes nothing."""
        if self.answer(answer.ingestion_id) is not None:
            return
        body = answer.model_dump_json()
        row = {"ingestion_id": answer.ingestion_id, "subject": answer.subject, "body": body}
        self._transaction.execute(insert(_ANSWERS), row)
        if isinstance(answer, DatasetVersionRegistered) and not answer.unchanged:
            version = {"name": answer.name, "number": answer.number, "version": answer.version, "body": body}
            self._transaction.execute(insert(_VERSIONS), version)

    def all_latest(self) -> list[DatasetVersionRegistered]:
        """Return the latest version of each dataset, the latest registered first."""
        last = (
            select(_VERSIONS.c.name, func.max(_VERSIONS.c.number).label("number")).group_by(_VERSIONS.c.name).subquery()
        )
        query = select(_VERSIONS.c.body).join(
            last, (last.c.name == _VERSIONS.c.name) & (last.c.number == _VERSIONS.c.number)
        )
        events = [
            DatasetVersionRegistered.model_validate_json(body) for body in self._transaction.execute(query).scalars()
        ]
        return sorted(events, key=lambda event: event.registered_at, reverse=True)


class CardStore:
    """The Cards port over SQL."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def all(self) -> list[PublisherAdded]:
        """Return every publisher that is let in, by name."""
        query = select(_PUBLISHERS.c.body).order_by(_PUBLISHERS.c.name)
        return [PublisherAdded.model_validate_json(body) for body in self._transaction.execute(query).scalars()]

    def put(self, card: PublisherAdded) -> None:
        """Remember one."""
        self.drop(card.name)
        self._transaction.execute(insert(_PUBLISHERS), {"name": card.name, "body": card.model_dump_json()})

    def drop(self, name: str) -> bool:
        """Forget one; return whether it was there."""
        return self._transaction.execute(delete(_PUBLISHERS).where(_PUBLISHERS.c.name == name)).rowcount > 0


def _latest(name: str) -> Select[tuple[str]]:
    return select(_VERSIONS.c.body).where(_VERSIONS.c.name == name).order_by(_VERSIONS.c.number.desc()).limit(1)


def _event(body: str | None) -> DatasetVersionRegistered | None:
    return DatasetVersionRegistered.model_validate_json(body) if body else None
