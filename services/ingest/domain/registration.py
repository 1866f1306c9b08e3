"""Which version of a dataset a table makes."""

from datetime import datetime

from contracts.ids import IngestionId
from contracts.ingest import DatasetVersionRegistered, RegisterDataset, SourceRead
from contracts.sources import ReadSource
from services.ingest.domain.table import Table


def registered(
    command: RegisterDataset | ReadSource,
    table: Table,
    latest: DatasetVersionRegistered | None,
    twin: DatasetVersionRegistered | None,
    now: datetime,
    source: SourceRead | None = None,
) -> DatasetVersionRegistered:
    """Return the fact that ``table`` is a version of the command's dataset.

    ``latest`` is the dataset's version so far; ``twin`` is a registration of the same content under any name, whose
    file is used again. The same content as the latest version is that version still. ``source`` is where the rows were
    read, if nobody uploaded them.
    """
    unchanged = latest is not None and latest.version == table.version
    number = latest.number + (not unchanged) if latest else 1
    return DatasetVersionRegistered(
        ingestion_id=IngestionId(command.ingestion_id),
        name=command.name,
        version=table.version,
        number=number,
        unchanged=unchanged,
        rows=table.rows,
        columns=table.columns,
        listed=table.malformed.listed,
        rejected=table.malformed.rejected,
        data=twin.data if twin else table.data,
        data_digest=twin.data_digest if twin else table.data_digest,
        filename=command.filename if isinstance(command, RegisterDataset) else command.source.kind,
        registered_at=now,
        notes=table.notes,
        source=source,
        profile=(twin.profile if twin else None) or table.profile,
    )


def numbered(fact: DatasetVersionRegistered, highest: int) -> DatasetVersionRegistered:
    """Return the fact with a number that no version had before; ``highest`` is that of the latest that ever was.

    A removed version leaves its number behind: the next one does not take it.
    """
    if fact.unchanged or fact.number > highest:
        return fact
    return fact.model_copy(update={"number": highest + 1})
