"""An Excel workbook: the one sheet in it that holds something, and what its XML says by itself."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from services.ingest.domain.errors import EmptyFile
from services.ingest.domain.file_errors import (
    GrowsTooMuch,
    MergedCells,
    SeveralSheets,
    UncalculatedFormulas,
    UnreadableWorkbook,
)
from services.ingest.domain.sheet_xml import SheetScan

_BLOCK = 1024 * 1024
_TIMES = 200
_HARMLESS = 256 * 1024 * 1024
_TEXTS = 256 * 1024 * 1024
"""Bytes of the texts that cells share, which are held in memory."""
_WORKSHEET = re.compile(rb"<(?:\w+:)?Override\b[^>]*spreadsheetml\.worksheet\+xml[^>]*>")
_PART = re.compile(rb'PartName="/?([^"]+)"')
_FAULTS = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    zlib.error,
    AttributeError,
    EOFError,
    KeyError,
    IndexError,
    NotImplementedError,
    TypeError,
    ValueError,
)
"""What a damaged workbook is met with, depending on where it is damaged."""


@contextmanager
def _readable(filename: str) -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        problem = (str(error).splitlines() or [type(error).__name__])[0]
        raise UnreadableWorkbook(filename, problem) from None


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook that is open."""

    title: str
    rows: Callable[[], Iterator[tuple[Any, ...]]]
    """Yields the cells of each row that holds something, each time anew."""


@contextmanager
def sheet_of(filename: str, path: Path) -> Iterator[Sheet]:
    """Yield the one sheet of the workbook that holds something.

    Raises:
        EmptyFile, SeveralSheets: if there is no such sheet, or more than one.
        UnreadableWorkbook: if it is damaged.
    """
    with _readable(filename):
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    with closing(book):
        sheets = [Sheet(sheet.title, partial(_rows, filename, sheet)) for sheet in book.worksheets]
        found = [sheet for sheet in sheets if any(sheet.rows())]
        if not found:
            raise EmptyFile(filename)
        if len(found) > 1:
            raise SeveralSheets(filename, [sheet.title for sheet in found])
        yield found[0]


def _rows(filename: str, sheet: Any) -> Iterator[tuple[Any, ...]]:
    with _readable(filename):
        sheet.reset_dimensions()  # what a writer says of the size is not always true
        for row in sheet.iter_rows():
            if any(cell.value is not None for cell in row):
                yield row


def scanned(filename: str, path: Path) -> SheetScan:
    """Return what the sheets' XML says: all of them together, since only one holds something.

    Raises:
        GrowsTooMuch, UnreadableWorkbook: if it would fill the disk or the memory.
    """
    scan = SheetScan()
    with _readable(filename), zipfile.ZipFile(path) as archive:
        _check(filename, archive.infolist())
        for part in _worksheets(archive):
            with archive.open(part) as sheet:
                while block := sheet.read(_BLOCK):
                    scan.feed(block)
            scan.finish()
    return scan


def told_by_cells(sheet: str, scan: SheetScan) -> None:
    """Make sure that each cell of the sheet says what it holds.

    Raises:
        MergedCells, UncalculatedFormulas: naming them.
    """
    if scan.merged:
        raise MergedCells(sheet, scan.merged)
    if scan.uncalculated:
        raise UncalculatedFormulas(sheet, scan.uncalculated)


def _check(filename: str, parts: list[zipfile.ZipInfo]) -> None:
    packed, grown = sum(part.compress_size for part in parts), sum(part.file_size for part in parts)
    if grown > max(_HARMLESS, _TIMES * packed):
        raise GrowsTooMuch(filename, _TIMES)
    if any(part.filename.casefold().endswith("sharedstrings.xml") and part.file_size > _TEXTS for part in parts):
        raise UnreadableWorkbook(filename, f"its texts have more than {_TEXTS // 2**20} MB")


def _worksheets(archive: zipfile.ZipFile) -> list[str]:
    overrides = _WORKSHEET.findall(archive.read("[Content_Types].xml"))
    return [found[1].decode() for found in map(_PART.search, overrides) if found]
