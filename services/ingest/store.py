"""Ingest's own state: its answers, the versions that they stated, and who is let in from outside."""

from sqlalchemy import Column, Integer, MetaData, Select, String, Table, Text, delete, func, insert, or_, select, update

from contracts.ids import DatasetVersionId
from contracts.ingest import DatasetRejected, DatasetVersionRegistered, IngestionCancelled
from contracts.publishers import PublisherAdded
from contracts.versions import DatasetVersionRemoved
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
_CANCELLED = Table(
    "ingest_cancelled",
    METADATA,
    Column("ingestion_id", String(128), primary_key=True),
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
_REMOVED = Table(
    "ingest_removed",
    METADATA,
    Column("name", String(63), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
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

    def highest(self, name: str) -> int:
        """Return the highest number that a version of the dataset ``name`` ever had; 0 if there was none."""
        queries = (select(func.max(table.c.number)).where(table.c.name == name) for table in (_VERSIONS, _REMOVED))
        return max(self._transaction.execute(query).scalar() or 0 for query in queries)

    def all_of(self, name: str) -> list[DatasetVersionRegistered]:
        """Return every version of the dataset ``name`` that is there, the latest first."""
        query = select(_VERSIONS.c.body).where(_VERSIONS.c.name == name).order_by(_VERSIONS.c.number.desc())
        return [*map(DatasetVersionRegistered.model_validate_json, self._transaction.execute(query).scalars())]

    def removed_of(self, name: str) -> list[DatasetVersionRemoved]:
        """Return every version of the dataset ``name`` that was removed, the latest first."""
        query = select(_REMOVED.c.body).where(_REMOVED.c.name == name).order_by(_REMOVED.c.number.desc())
        return [*map(DatasetVersionRemoved.model_validate_json, self._transaction.execute(query).scalars())]

    def sharing(self, version: DatasetVersionRegistered) -> list[DatasetVersionRegistered]:
        """Return the other versions, under whatever name, that have its content or one of its objects."""
        manifest = version.source.manifest if version.source else None
        named = [key for key in (version.data, version.profile, manifest) if key is not None]
        shared = or_(_VERSIONS.c.version == version.version, *(_VERSIONS.c.body.contains(key) for key in named))
        itself = (_VERSIONS.c.name == version.name) & (_VERSIONS.c.number == version.number)
        query = select(_VERSIONS.c.body).where(shared, ~itself).order_by(_VERSIONS.c.name, _VERSIONS.c.number)
        return [*map(DatasetVersionRegistered.model_validate_json, self._transaction.execute(query).scalars())]

    def ingestions(self, version: DatasetVersionRegistered) -> list[str]:
        """Return the ingestions that were answered with this version."""
        return self._ingestions(version.name, version.number, version.version)

    def forget(self, fact: DatasetVersionRemoved) -> None:
        """Forget a version and its ingestions, but for its number; a second time changes nothing."""
        for ingestion_id in self._ingestions(fact.name, fact.number, fact.version):
            self._transaction.execute(delete(_ANSWERS).where(_ANSWERS.c.ingestion_id == ingestion_id))
        for table in (_VERSIONS, _REMOVED):
            self._transaction.execute(delete(table).where(table.c.name == fact.name, table.c.number == fact.number))
        row = {"name": fact.name, "number": fact.number, "body": fact.model_dump_json()}
        self._transaction.execute(insert(_REMOVED), row)

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
        elif isinstance(answer, DatasetVersionRegistered):
            self._complete(answer)

    def cancel(self, cancelled: IngestionCancelled) -> None:
        """Remember that an ingestion is cancelled; a second time changes nothing."""
        if self.cancelled(cancelled.ingestion_id) is None:
            row = {"ingestion_id": cancelled.ingestion_id, "body": cancelled.model_dump_json()}
            self._transaction.execute(insert(_CANCELLED), row)

    def cancelled(self, ingestion_id: str) -> IngestionCancelled | None:
        """Return that this ingestion is cancelled, if it is."""
        body = self._transaction.execute(_cancelled(ingestion_id)).scalar()
        return IngestionCancelled.model_validate_json(body) if body else None

    def glance_cancelled(self, ingestion_id: str) -> bool:
        """Return whether it is cancelled as of now, and lock nothing."""
        return self._transaction.glance(_cancelled(ingestion_id)).scalar() is not None

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

    def _complete(self, again: DatasetVersionRegistered) -> None:
        """Keep the profile of a version that was registered before there were any."""
        latest = self.latest(again.name)
        if latest is not None and latest.profile is None and again.profile is not None:
            body = latest.model_copy(update={"profile": again.profile}).model_dump_json()
            row = (_VERSIONS.c.name == latest.name) & (_VERSIONS.c.number == latest.number)
            self._transaction.execute(update(_VERSIONS).where(row).values(body=body))

    def _ingestions(self, name: str, number: int, version: DatasetVersionId) -> list[str]:
        query = select(_ANSWERS.c.body).where(
            _ANSWERS.c.subject == DatasetVersionRegistered.subject, _ANSWERS.c.body.contains(version)
        )
        answers = map(DatasetVersionRegistered.model_validate_json, self._transaction.execute(query).scalars())
        return [answer.ingestion_id for answer in answers if (answer.name, answer.number) == (name, number)]


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


def _cancelled(ingestion_id: str) -> Select[tuple[str]]:
    return select(_CANCELLED.c.body).where(_CANCELLED.c.ingestion_id == ingestion_id)


def _latest(name: str) -> Select[tuple[str]]:
    return select(_VERSIONS.c.body).where(_VERSIONS.c.name == name).order_by(_VERSIONS.c.number.desc()).limit(1)


def _event(body: str | None) -> DatasetVersionRegistered | None:
    return DatasetVersionRegistered.model_validate_json(body) if body else None
