"""The same table as a file of each format."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq


def as_csv(table: pa.Table, delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL) -> bytes:
    """Return a table as delimited text."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator="\n")  # type: ignore[arg-type]
    writer.writerow(table.column_names)
    writer.writerows(zip(*(map(_cell, column.to_pylist()) for column in table.columns), strict=True))
    return text.getvalue().encode()


def as_json_lines(table: pa.Table) -> bytes:
    """Return a table as an object on each line."""
    return "".join(f"{json.dumps(row, default=str, ensure_ascii=False)}\n" for row in table.to_pylist()).encode()


def as_parquet(table: pa.Table, **options: Any) -> bytes:
    """Return a table as Parquet."""
    file = io.BytesIO()
    pq.write_table(table, file, **options)
    return file.getvalue()


def as_arrow(
    table: pa.Table, rows: int | None = None, compression: str | None = None, *, stream: bool = False
) -> bytes:
    """Return a table as an Arrow file or stream, so many ``rows`` a batch."""
    file = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=compression)
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(file, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=rows)
    return file.getvalue()


def as_workbook(table: pa.Table) -> bytes:
    """Return a table as a workbook of one sheet."""
    return workbook([table.column_names, *zip(*(column.to_pylist() for column in table.columns), strict=True)])


def workbook(*sheets: Sequence[Any], tweak: Callable[[Any], None] | None = None) -> bytes:
    """Return a workbook whose sheets hold rows, each a list of values; ``tweak`` may change the last one."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, 1):
        sheet = book.create_sheet(f"Sheet{number}")
        for row in rows:
            sheet.append(row)
    if tweak is not None:
        tweak(book.worksheets[-1])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return "NA"
    return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else str(value)
