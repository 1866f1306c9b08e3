"""One reading in a process of its own: ``python -m tests.bench.ingesting WORK FILE FOLDER`` prints what it took."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from infra.objects.store import open_objects
from services.ingest.intake import ObjectIntake
from services.ingest.reading.profile import profiled
from services.ingest.reading.typed import Limits
from services.ingest.sources import File, Files
from tests.bench.made_rows import COLUMNS

_MEMORY = "1GB"
_THREADS = 2
_PIECE = 4 * 1024 * 1024


def copied_csv(file: Path, folder: Path) -> int:
    """Have DuckDB alone turn a CSV file into Parquet, told what its columns are; return how many rows."""
    typed = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    return _copied(f"read_csv('{file}', header = true, columns = {{{typed}}})", folder)


def copied_parquet(file: Path, folder: Path) -> int:
    """Have DuckDB alone write a Parquet file again; return how many rows."""
    return _copied(f"read_parquet('{file}')", folder)


def ingested(file: Path, folder: Path) -> int:
    """Make ``file`` a dataset version in a store of its own; return how many rows."""
    intake = ObjectIntake(open_objects(f"file://{folder}/objects"), memory=_MEMORY, threads=_THREADS, scratch=folder)
    found = Files([File(file.name, file.stat().st_size, None, partial(_pieces, file))])
    return intake.take_found(found, file.name).rows


def looked_at(file: Path, folder: Path) -> int:
    """Profile a Parquet file; return how many rows."""
    return profiled(file, Limits(_MEMORY, _THREADS, folder))[1].rows


def _copied(scan: str, folder: Path) -> int:
    config: dict[str, Any] = {
        "memory_limit": _MEMORY,
        "threads": str(_THREADS),
        "temp_directory": str(folder / "spill"),
    }
    with duckdb.connect(config=config) as connection:
        told = "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
        ((rows,),) = connection.execute(f"COPY (FROM {scan}) TO '{folder}/copied.parquet' {told}").fetchall()
    return int(rows)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as content:
        while piece := content.read(_PIECE):
            yield piece


WORKS: Mapping[str, Callable[[Path, Path], int]] = {
    "copy-csv": copied_csv,
    "copy-parquet": copied_parquet,
    "ingest": ingested,
    "profile": looked_at,
}


def main() -> None:
    """Do the work, and print its processor time, its wall time and the most memory it held."""
    work, file, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    began, cpu = time.monotonic(), sum(os.times()[:2])
    rows = WORKS[work](file, folder)
    took = {
        "rows": rows,
        "seconds": time.monotonic() - began,
        "cpu_seconds": sum(os.times()[:2]) - cpu,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }
    sys.stdout.write(json.dumps(took) + "\n")


if __name__ == "__main__":
    main()
