"""A sheet of Excel, read twice: once to learn what each column holds, and once to write it down."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from services.ingest.domain.dialect import named
from services.ingest.domain.errors import AccountingFailed, NoRows
from services.ingest.domain.observed import Observed, as_text
from services.ingest.domain.table import Malformed
from services.ingest.reading.columns import write_columns
from services.ingest.reading.scratch import spooled
from services.ingest.reading.typed import Limits
from services.ingest.reading.workbook import Sheet, scanned, sheet_of, told_by_cells
from services.ingest.sources import File

_ROWS = 1_000
_CELLS = 500_000
_EXACT_IN_DOUBLE = 2**53
_ERROR = "e"

Row = list[Any]


def read(file: File, target: Path, _limits: Limits) -> tuple[int, Malformed, tuple[str, ...]]:
    """Write the sheet in ``file`` to ``target``, its first row as names; return how many rows, and notes.

    Raises:
        Refusal: if it is no table, or does not say which sheet is.
    """
    source = spooled(file, target.with_name("upload.xlsx"))
    scan = scanned(file.name, source)
    with sheet_of(file.name, source) as sheet:
        told_by_cells(sheet.title, scan)
        rows, notes = _written(file.name, sheet, target)
    if rows + 1 != scan.rows:
        raise AccountingFailed(scan.rows - 1, rows, 0)
    return rows, Malformed(), notes


def _written(filename: str, sheet: Sheet, target: Path) -> tuple[int, tuple[str, ...]]:
    header, observed, errors = _learnt(sheet)
    if not observed:
        raise NoRows(filename)
    # A column without a name and without a value is an empty margin.
    places = sorted({place for place, name in enumerate(header) if name} | observed.keys())
    names = named([header[place] if place < len(header) else "" for place in places])
    columns = {name: observed.get(place, Observed()) for name, place in zip(names, places, strict=True)}
    batches = ([_column(rows, place) for place in places] for rows in _batches(sheet, len(places)))
    rows, notes = write_columns(columns, batches, target)
    return rows, (*notes, *_error_notes(errors))


def _learnt(sheet: Sheet) -> tuple[list[str], dict[int, Observed], Counter[str]]:
    cells = sheet.rows()
    header = [_name(_value(cell)) for cell in next(cells)]
    observed: dict[int, Observed] = defaultdict(Observed)
    errors: Counter[str] = Counter()
    while batch := list(islice(cells, _ROWS)):
        errors.update(cell.value for row in batch for cell in row if cell.data_type == _ERROR)
        for place, column in enumerate(zip_longest(*batch)):
            values = [_value(cell) for cell in column if cell is not None and cell.value is not None]
            if values:
                observed[place].add(values)
    return header, observed, errors


def _batches(sheet: Sheet, width: int) -> Iterator[list[Row]]:
    rows = ([_value(cell) for cell in row] for row in sheet.rows())
    next(rows)
    while batch := list(islice(rows, max(1, min(10_000, _CELLS // width)))):
        yield batch


def _column(rows: Sequence[Row], place: int) -> list[Any]:
    return [row[place] if place < len(row) else None for row in rows]


def _value(cell: Any) -> Any:
    """Return what a cell holds: Excel has no integers and no dates, only numbers that look so."""
    value = cell.value
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_IN_DOUBLE:
        return int(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time.min:
        return value.date()
    return None if value == "" or cell.data_type == _ERROR else value


def _name(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else as_text(value)


def _error_notes(errors: Counter[str]) -> Iterator[str]:
    for error, count in sorted(errors.items()):
        yield f"{count} {'cell holds' if count == 1 else 'cells hold'} the error {error}, and became missing values."
