"""An Arrow file or stream, rewritten with the canonical types."""

from pathlib import Path

import pyarrow as pa

from services.ingest.domain.errors import AccountingFailed
from services.ingest.domain.file_errors import UnreadableArrow
from services.ingest.domain.table import Malformed
from services.ingest.reading.arrow_messages import MAGIC, CutShort, counted
from services.ingest.reading.parquet import exact_notes, write_batches
from services.ingest.reading.scratch import spooled
from services.ingest.reading.typed import Limits
from services.ingest.sources import File


def read(file: File, target: Path, _limits: Limits) -> tuple[int, Malformed, tuple[str, ...]]:
    """Write the table in ``file`` to ``target`` with canonical types; return how many rows, and notes.

    Raises:
        Refusal: if it cannot be read, or holds what a table of plain values cannot.
    """
    source = spooled(file, target.with_name("upload.arrow"))
    try:
        records = counted(source)
        with pa.OSFile(str(source)) as stored:
            rows, notes = _written(stored, target)
    except CutShort as fault:
        raise UnreadableArrow(file.name, str(fault)) from None
    except (pa.ArrowException, OSError) as error:
        raise UnreadableArrow(file.name, str(error).splitlines()[0]) from None
    if rows != records:
        raise AccountingFailed(records, rows, 0)
    return rows, Malformed(), notes


def _written(stored: pa.NativeFile, target: Path) -> tuple[int, tuple[str, ...]]:
    whole = stored.read(len(MAGIC)) == MAGIC
    stored.seek(0)
    with (pa.ipc.open_file if whole else pa.ipc.open_stream)(stored) as reader:
        batches = map(reader.get_batch, range(reader.num_record_batches)) if whole else reader
        return write_batches(reader.schema, batches, target), exact_notes(reader.schema)
