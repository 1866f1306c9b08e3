"""JSON lines, read twice: once to learn what each key holds, and once to write it down."""

import codecs
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from contracts.ingest import RejectedRow
from services.ingest.domain.errors import AccountingFailed, EmptyFile
from services.ingest.domain.file_errors import NoColumns, NotJsonLines, TooManyColumns
from services.ingest.domain.json_record import Lines, NotARecord, Record, decoder, is_blank, record_of
from services.ingest.domain.observed import Observed
from services.ingest.domain.table import Malformed
from services.ingest.domain.text import encoding_of, recoded
from services.ingest.reading.columns import write_columns
from services.ingest.reading.rejects import TOLD
from services.ingest.reading.scratch import room_watched
from services.ingest.reading.typed import Limits
from services.ingest.sources import File

_LONGEST = 16_000_000
"""Bytes of a line at most."""
_ROWS = 10_000
_BYTES = 8_000_000
_CELLS = 1_000_000
_MOST_COLUMNS = 20_000


def read(file: File, target: Path, _limits: Limits) -> tuple[int, Malformed, tuple[str, ...]]:
    """Write the objects in ``file`` to ``target``, a column for each key; return how many, and what was left out.

    Raises:
        Refusal: if it is no table.
    """
    source = target.with_name("upload.jsonl")
    lines = _spooled(file, source)
    if not lines:
        raise EmptyFile(file.name)
    observed, malformed = _learnt(file.name, source)
    if malformed.listed * 2 > lines:
        first = malformed.rejected[0]
        raise NotJsonLines(file.name, malformed.listed, lines, f"line {first.line} {first.problem}")
    if not observed:
        raise NoColumns(file.name)
    rows, notes = write_columns(observed, _columns(source, observed), target)
    if rows + malformed.listed != lines:
        raise AccountingFailed(lines, rows, malformed.listed)
    return rows, malformed, notes


def _spooled(file: File, path: Path) -> int:
    """Write the text to ``path`` as UTF-8 without a mark; return how many lines hold something."""
    encoding = encoding_of(next(file.open(), b""))
    chunks = file.open() if encoding == "utf-8-sig" else recoded(file.open(), encoding)
    lines = Lines()
    with room_watched(), path.open("wb") as copy:
        copy.write(lines.feed(next(chunks, b"").removeprefix(codecs.BOM_UTF8)))
        copy.writelines(map(lines.feed, chunks))
    return lines.count


def _learnt(filename: str, path: Path) -> tuple[dict[str, Observed], Malformed]:
    observed: dict[str, Observed] = {}
    listed, first = 0, list[RejectedRow]()
    for records, problems in _batches(path, _ROWS, as_written=False):
        listed += len(problems)
        first += problems[: TOLD - len(first)]
        for name, values in _by_key(records).items():
            observed.setdefault(name, Observed()).add(values)
        if len(observed) > _MOST_COLUMNS:
            raise TooManyColumns(filename, _MOST_COLUMNS)
    return observed, Malformed(listed, tuple(first))


def _by_key(records: Sequence[Record]) -> dict[str, list[Any]]:
    columns: dict[str, list[Any]] = defaultdict(list)
    for record in records:
        for name, value in record.items():
            columns[name].append(value)
    return columns


def _columns(path: Path, observed: dict[str, Observed]) -> Iterator[list[list[Any]]]:
    as_written = any(column.as_written for column in observed.values())
    rows = max(1, min(_ROWS, _CELLS // len(observed)))
    for records, _ in _batches(path, rows, as_written=as_written):
        yield [[record.get(name) for record in records] for name in observed]


def _batches(path: Path, rows: int, *, as_written: bool) -> Iterator[tuple[list[Record], list[RejectedRow]]]:
    """Yield records, and the lines among them that hold none."""
    read = decoder(as_written=as_written)
    records, problems, held = list[Record](), list[RejectedRow](), 0
    for number, line in _lines(path):
        try:
            if line is None:
                raise NotARecord(f"is longer than {_LONGEST:,} bytes")
            records.append(record_of(line, read))
        except NotARecord as fault:
            problems.append(RejectedRow(line=number, problem=str(fault)))
        held += len(line or b"")
        if len(records) + len(problems) >= rows or held >= _BYTES:
            yield records, problems
            records, problems, held = [], [], 0
    yield records, problems


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Yield the lines that hold something, each with its number; None for one that is too long."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(_LONGEST):
            number += 1
            if len(line) == _LONGEST and not line.endswith(b"\n"):
                _skip_line(file)
                yield number, None
            elif not is_blank(line):
                yield number, line


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(_LONGEST)) and not rest.endswith(b"\n"):
        pass
