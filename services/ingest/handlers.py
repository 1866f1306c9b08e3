"""Message in, domain, messages out."""

from contracts.errors import Refusal
from contracts.ids import IngestionId
from contracts.ingest import (
    CancelIngestion,
    DatasetRejected,
    Datasets,
    DatasetSummary,
    DatasetVersionRegistered,
    IngestionCancelled,
    IngestionCancelRefused,
    ListDatasets,
    RegisterDataset,
    SourceRead,
)
from contracts.message import Message
from contracts.sources import ListSources, ReadSource, SourceKinds
from infra.clock import Clock
from services.ingest.domain.cancel_errors import AlreadyAnswered, Cancelled, NothingInHand
from services.ingest.domain.registration import numbered, registered
from services.ingest.domain.schema import schema_changed
from services.ingest.domain.table import Table
from services.ingest.ports import Answer, Hands, Intake, Keys, Kinds, Sources, Versions


def register_dataset(
    command: RegisterDataset, versions: Versions, intake: Intake, clock: Clock, hands: Hands
) -> list[Message]:
    """Make an upload the next version of its dataset, or say why it cannot be."""
    answer: Answer
    try:
        # Before the first look at the state, which begins a transaction: reading may take minutes.
        with hands.taking(command, versions) as watch:
            table = intake.take(command.upload, command.filename, watch)
    except Refusal as refusal:
        answer = _rejected(command, refusal)
    else:
        answer = _registered(command, table, versions, clock)
    return _recorded(command, answer, versions)


def read_source(command: ReadSource, versions: Versions, sources: Sources, clock: Clock, hands: Hands) -> list[Message]:
    """Make what a source holds the next version of its dataset, or say why it cannot be."""
    answer: Answer
    try:
        with hands.taking(command, versions) as watch:
            taken = sources.read(command.source, versions.glance(command.name), watch)
    except Refusal as refusal:
        answer = _rejected(command, refusal)
    else:
        answer = _registered(command, taken.table, versions, clock, taken.source)
    return _recorded(command, answer, versions)


def cancel_ingestion(command: CancelIngestion, versions: Versions, hands: Hands, clock: Clock) -> list[Message]:
    """Let an ingestion go no further, now and whenever its command comes again, or say why there is nothing to stop."""
    key = IngestionId(command.ingestion_id)
    if (before := versions.cancelled(key)) is not None:
        return [before]
    if versions.answer(key) is not None:
        return [_cancel_refused(key, AlreadyAnswered(key))]
    if not hands.holds(key):
        return [_cancel_refused(key, NothingInHand(key))]
    cancelled = IngestionCancelled(ingestion_id=key, cancelled_at=clock())
    versions.cancel(cancelled)
    return [cancelled]


def remember_cancelled(event: IngestionCancelled, versions: Versions) -> list[Message]:
    """Rebuild what was cancelled from what this service once said."""
    versions.cancel(event)
    return []


def remember(event: Answer, versions: Versions) -> list[Message]:
    """Rebuild the state from what this service once said."""
    versions.record(event)
    return []


def list_datasets(_query: ListDatasets, versions: Versions) -> Datasets:
    """Tell every dataset by its latest version."""
    return Datasets(datasets=tuple(map(_summary, versions.all_latest())))


def list_sources(_query: ListSources, kinds: Kinds, keys: Keys) -> SourceKinds:
    """Tell every kind of source that can be read, and which credentials there are."""
    return SourceKinds(kinds=kinds.kinds(), credentials=keys.kept())


def _cancel_refused(ingestion_id: IngestionId, refusal: Refusal) -> IngestionCancelRefused:
    return IngestionCancelRefused(
        ingestion_id=ingestion_id, reason=refusal.reason, cause=refusal.cause, cure=refusal.cure
    )


def _registered(
    command: RegisterDataset | ReadSource,
    table: Table,
    versions: Versions,
    clock: Clock,
    source: SourceRead | None = None,
) -> DatasetVersionRegistered:
    latest, twin = versions.latest(command.name), versions.with_content(table.version)
    return numbered(registered(command, table, latest, twin, clock(), source), versions.highest(command.name))


def _recorded(command: RegisterDataset | ReadSource, answer: Answer, versions: Versions) -> list[Message]:
    """Return the answer that stands, and what changed in the columns, if it states a new version.

    It is the first one that was given, and none but a refusal for what was cancelled meanwhile.
    """
    if versions.cancelled(command.ingestion_id) is not None:
        answer = _rejected(command, Cancelled())
    if known := versions.answer(answer.ingestion_id):
        return [known]
    before = versions.latest(answer.name)
    versions.record(answer)
    changed = schema_changed(before, answer) if isinstance(answer, DatasetVersionRegistered) else None
    return [answer, changed] if changed else [answer]


def _rejected(command: RegisterDataset | ReadSource, refusal: Refusal) -> DatasetRejected:
    return DatasetRejected(
        ingestion_id=IngestionId(command.ingestion_id),
        name=command.name,
        reason=refusal.reason,
        cause=refusal.cause,
        cure=refusal.cure,
    )


def _summary(event: DatasetVersionRegistered) -> DatasetSummary:
    return DatasetSummary(
        name=event.name,
        version=event.version,
        number=event.number,
        rows=event.rows,
        columns=event.columns,
        listed=event.listed,
        registered_at=event.registered_at,
    )
