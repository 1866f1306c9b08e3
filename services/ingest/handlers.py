"""Message in, domain, messages out."""

from contracts.errors import Refusal
from contracts.ids import IngestionId
from contracts.ingest import (
    DatasetRejected,
    Datasets,
    DatasetSummary,
    DatasetVersionRegistered,
    ListDatasets,
    RegisterDataset,
)
from contracts.message import Message
from contracts.sources import ListSources, ReadSource, SourceKinds
from infra.clock import Clock
from services.ingest.domain.registration import registered
from services.ingest.ports import Answer, Intake, Kinds, Sources, Versions


def register_dataset(command: RegisterDataset, versions: Versions, intake: Intake, clock: Clock) -> list[Message]:
    """Make an upload the next version of its dataset, or say why it cannot be."""
    answer: Answer
    try:
        # Before the first look at the state, which begins a transaction: reading may take minutes.
        table = intake.take(command.upload, command.filename)
    except Refusal as refusal:
        answer = _rejected(command, refusal)
    else:
        latest, twin = versions.latest(command.name), versions.with_content(table.version)
        answer = registered(command, table, latest, twin, clock())
    answer = versions.answer(command.ingestion_id) or answer
    versions.record(answer)
    return [answer]


def read_source(command: ReadSource, versions: Versions, sources: Sources, clock: Clock) -> list[Message]:
    """Make what a source holds the next version of its dataset, or say why it cannot be."""
    answer: Answer
    try:
        taken = sources.read(command.source, versions.glance(command.name))
    except Refusal as refusal:
        answer = _rejected(command, refusal)
    else:
        latest, twin = versions.latest(command.name), versions.with_content(taken.table.version)
        answer = registered(command, taken.table, latest, twin, clock(), taken.source)
    answer = versions.answer(command.ingestion_id) or answer
    versions.record(answer)
    return [answer]


def remember(event: Answer, versions: Versions) -> list[Message]:
    """Rebuild the state from what this service once said."""
    versions.record(event)
    return []


def list_datasets(_query: ListDatasets, versions: Versions) -> Datasets:
    """Tell every dataset by its latest version."""
    return Datasets(datasets=tuple(map(_summary, versions.all_latest())))


def list_sources(_query: ListSources, kinds: Kinds) -> SourceKinds:
    """Tell every kind of source that can be read."""
    return SourceKinds(kinds=kinds.kinds())


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
