"""Tables on their way to Parquet, and what their reader should know."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from services.training.worker.reports.papers import Findings, Sheet


class Sheets:
    """Writes tables into a folder, and collects notes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sheets: list[Sheet] = []
        self._notes: list[str] = []

    def add(self, tables: Mapping[str, pd.DataFrame]) -> None:
        """Write tables that have rows; a table that rests on some rows only is noted to."""
        for name, table in tables.items():
            if len(table):
                path = self._folder / f"{name}.parquet"
                pq.write_table(pa.Table.from_pandas(table, preserve_index=False), path, compression="zstd")
                self._sheets.append(Sheet(name, path, len(table)))
                self._note_sample(name, table)

    def note(self, sentence: str) -> None:
        """Tell the reader something, once."""
        if sentence not in self._notes:
            self._notes.append(sentence)

    def findings(self, rows: int) -> Findings:
        """Return what was written, for so many rows."""
        return Findings(tuple(self._sheets), tuple(self._notes), rows)

    def _note_sample(self, name: str, table: pd.DataFrame) -> None:
        used, of = table.attrs.get("rows_used"), table.attrs.get("rows")
        if used is not None and of is not None and used < of:
            self.note(f"{name} rests on {used:,} of {of:,} rows, drawn by the seed {table.attrs['seed']}.")
