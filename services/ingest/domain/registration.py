"""Which version of a dataset a table makes."""

from datetime import datetime

from contracts.ids import IngestionId
from contracts.ingest import DatasetVersionRegistered, RegisterDataset
from services.ingest.domain.table import Table


def registered(
    command: RegisterDataset,
    table: Table,
    latest: DatasetVersionRegistered | None,
    twin: DatasetVersionRegistered | None,
    now: datetime,
) -> DatasetVersionRegistered:
    """Return the fact that ``table`` is a version of the command's dataset.

    ``latest`` is the dataset's version so far; ``twin`` is a registration of the same content under any name, whose
    file is used again. The same content as the latest version is that version still.
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
        filename=command.filename,
        registered_at=now,
        notes=table.notes,
    )
