"""A CSV file that a person gives for predictions."""

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ui.cli.exits import WrongUsage
from ui.cli.output import counted

_DELIMITERS = (",", ";", "\t", "|")

_FORMATS = {
    b"PAR1": "a Parquet file",
    b"ARROW1": "an Arrow file",
    b"PK\x03\x04": "a ZIP archive or an Excel workbook",
    b"\x1f\x8b": "a gzip-compressed file",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
}
"""What is given in the place of CSV, by its first bytes."""


@dataclass(frozen=True)
class CsvRow:
    """One row as text."""

    line: int
    """Line of the file on which it begins, from 1."""
    values: dict[str, str]


@dataclass(frozen=True)
class CsvFile:
    """The rows of a CSV file as text."""

    header: tuple[str, ...]
    rows: Sequence[CsvRow]

    def unknown(self, features: Collection[str]) -> list[str]:
        """Return the columns that are no features."""
        return [name for name in self.header if name not in features]


def read_csv(file: str, content: bytes, features: Collection[str]) -> CsvFile:
    """Read CSV in UTF-8, delimited in the way that finds most ``features`` in its header; ``file`` is what to call it.

    Raises:
        WrongUsage: if it is no CSV, has no rows, none of the features, or a row that does not fit the header.
    """
    lines = list(io.StringIO(_text(file, content), newline=""))
    blank = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
    if blank == len(lines):
        raise WrongUsage(f"{file} is empty. Its first line names the columns, such as: {','.join(features)}")
    header, delimiter = _header(file, lines[blank:], features)
    rows = list(_rows(file, lines[blank:], header, delimiter, blank))
    if not rows:
        raise WrongUsage(f"{file} has a header and no rows. Add a line for each row to predict.")
    return CsvFile(header, rows)


def _text(file: str, content: bytes) -> str:
    for mark, name in _FORMATS.items():
        if content.startswith(mark):
            raise WrongUsage(f"{file} is {name}. Predictions are made of CSV in UTF-8: save the rows as that.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise WrongUsage(
            f"{file} is no CSV in UTF-8: line {line} holds the byte 0x{content[error.start]:02x} in a wrong place. "
            "Save the rows as CSV in UTF-8."
        ) from None


def _header(file: str, lines: Sequence[str], features: Collection[str]) -> tuple[tuple[str, ...], str]:
    """Return the names of the columns, and what stands between them."""
    headers = {mark: _names(lines, mark) for mark in _DELIMITERS}
    delimiter = max(_DELIMITERS, key=lambda mark: len(set(headers[mark]) & set(features)))
    header = headers[delimiter]
    found = [name for name in header if name in features]
    if not found:
        raise WrongUsage(
            f"The header of {file} names no column that the model takes. It takes: {', '.join(features)}. "
            "Write them in the first line, between commas, semicolons, tabs or pipes."
        )
    if twice := [name for name, times in Counter(found).items() if times > 1]:
        raise WrongUsage(f"The header of {file} names {', '.join(twice)} more than once. Name each column once.")
    return header, delimiter


def _names(lines: Sequence[str], delimiter: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in next(csv.reader(lines, delimiter=delimiter)))


def _rows(file: str, lines: Sequence[str], header: Sequence[str], delimiter: str, before: int) -> Iterator[CsvRow]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    begins = before + 1
    try:
        next(reader)
        begins = before + reader.line_num + 1
        for values in reader:
            if values:
                yield CsvRow(begins, _fitted(file, begins, values, header))
            begins = before + reader.line_num + 1
    except csv.Error as error:
        raise WrongUsage(f"{file}, line {begins} is no CSV: {error}. Check its quotes.") from None


def _fitted(file: str, line: int, values: Sequence[str], header: Sequence[str]) -> dict[str, str]:
    if len(values) != len(header):
        raise WrongUsage(
            f"{file}: line {line} has {counted(len(values), 'value')}, the header names {len(header)}. "
            "Give each line a value for each column; nothing between two delimiters is a missing one."
        )
    return dict(zip(header, values, strict=True))
