"""`make bench-ingest`: what a dataset version takes beside DuckDB's own COPY, and how much memory files of a size need.

Every reading is a process of its own, one after the other; processor time is of its work alone, without imports.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.bench.made_rows import write

_GIGABYTE = 1_000_000_000


@dataclass(frozen=True)
class Took:
    """What a reading took."""

    rows: int
    seconds: float
    cpu_seconds: float
    peak_bytes: int


def main() -> None:
    """Measure a file of each size, and print the ratios."""
    options = _options()
    ratios: dict[str, float] = {}
    for gigabytes in options.gigabytes:
        with tempfile.TemporaryDirectory(dir=options.folder) as folder:
            for name, value in measured(gigabytes, Path(folder)).items():
                ratios[name] = value
                sys.stdout.write(f"{name:<44}{value:>12}\n")
                sys.stdout.flush()
    sys.stdout.write(json.dumps({"bench": "ingest", "ratios": ratios}) + "\n")


def measured(gigabytes: float, folder: Path) -> dict[str, float]:
    """Return the figures of a CSV of this size, and of the Parquet file that DuckDB makes of it."""
    csv, size = folder / "rows.csv", f"{gigabytes:g}_gb"
    rows = write(csv, int(gigabytes * _GIGABYTE))
    copy, ingest = _took("copy-csv", csv, rows), _took("ingest", csv, rows)
    csv.unlink()
    parquet = folder / "rows.parquet"
    (folder / "copied.parquet").rename(parquet)
    profile = _took("profile", parquet, rows)
    again, ingest_again = _took("copy-parquet", parquet, rows), _took("ingest", parquet, rows)
    return {
        f"csv_to_copy_{size}": _ratio(ingest.cpu_seconds - profile.cpu_seconds, copy.cpu_seconds),
        f"csv_with_profile_to_copy_{size}": _ratio(ingest.cpu_seconds, copy.cpu_seconds),
        f"parquet_to_copy_{size}": _ratio(ingest_again.cpu_seconds - profile.cpu_seconds, again.cpu_seconds),
        f"parquet_with_profile_to_copy_{size}": _ratio(ingest_again.cpu_seconds, again.cpu_seconds),
        f"csv_peak_gigabytes_{size}": round(ingest.peak_bytes / _GIGABYTE, 3),
        f"parquet_peak_gigabytes_{size}": round(ingest_again.peak_bytes / _GIGABYTE, 3),
        f"csv_seconds_{size}": round(ingest.seconds, 1),
        f"copy_seconds_{size}": round(copy.seconds, 1),
    }


def _took(work: str, file: Path, rows: int) -> Took:
    command = [sys.executable, "-m", "tests.bench.ingesting", work, str(file), str(file.parent)]
    took = Took(**json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout))
    if took.rows != rows:
        raise SystemExit(f"{work} has {took.rows} of {rows} rows of {file.name}")
    return took


def _ratio(ours: float, theirs: float) -> float:
    return round(ours / theirs, 3)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-ingest", description=__doc__.splitlines()[0])
    parser.add_argument("--gigabytes", nargs="+", type=float, default=(1.0, 2.0, 4.0), help="sizes of the CSV files")
    parser.add_argument("--folder", type=Path, help="where they are made: three times the largest has to fit there")
    return parser.parse_args()


if __name__ == "__main__":
    main()
