"""Tables that facts name, read from the object store."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from contracts.reports import ReportTable
from infra.objects import Objects


def read_tables(objects: Objects, told: Iterable[ReportTable]) -> dict[str, Any]:
    """Return tables as PyArrow reads them, by name.

    Raises:
        ObjectMissing: if one is not there.
        ObjectDamaged: if one is not the file that the fact names.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 - it costs a tenth of a second, which `--help` need not pay

    with TemporaryDirectory(prefix="trackside-tables-") as folder:
        tables = {}
        for number, table in enumerate(told):
            file = Path(folder) / f"{number}.parquet"
            objects.fetch(table.key, table.digest, file)
            tables[table.name] = pq.read_table(file, memory_map=False)
        return tables
