"""A CSV file that a person gives for predictions."""

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from ui.cli.exits import WrongUsage

_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class CsvFile:
    """The rows of a CSV file as text."""

    header: tuple[str, ...]
    rows: Sequence[dict[str, str]]

    def unknown(self, features: Collection[str]) -> list[str]:
        """Return the columns that are no features."""
        return [name for name in self.header if name not in features]


def read_csv(file: Path, features: Collection[str]) -> CsvFile:
    """Read a CSV file in UTF-8, delimited in the way that finds most ``features`` in its header.

    Raises:
        WrongUsage: if it cannot be read, has no rows, or none of the features.
    """
    lines = _lines(file)
    if not lines:
        raise WrongUsage(f"{file} is empty. Its first line names the columns, such as: {','.join(features)}")
    delimiter = max(_DELIMITERS, key=lambda mark: len(set(_header(lines, mark)) & set(features)))
    header = _header(lines, delimiter)
    if not set(header) & set(features):
        raise WrongUsage(
            f"The header of {file} names no column that the model takes. It takes: {', '.join(features)}. "
            "Write them in the first line, between commas, semicolons, tabs or pipes."
        )
    rows = list(csv.DictReader(lines, fieldnames=header, delimiter=delimiter))[1:]
    if not rows:
        raise WrongUsage(f"{file} has a header and no rows. Add a line for each row to predict.")
    return CsvFile(header, rows)


def _lines(file: Path) -> list[str]:
    """Return the lines from the header on."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            lines = list(text)
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUsage(f"{file} cannot be read as a CSV file in UTF-8: {error}") from None
    first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    return lines[first:]


def _header(lines: Sequence[str], delimiter: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in next(csv.reader(lines, delimiter=delimiter)))
