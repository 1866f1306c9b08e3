"""A part as a Parquet file: written fact by fact, read group by group, so that neither holds it all."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from infra.history import KeptFact
from infra.history.subjects import matching

_GROUP = 1024
"""Facts that are held at a time."""
_SCHEMA = pa.schema(
    [
        pa.field("sequence", pa.int64(), nullable=False),
        pa.field("subject", pa.string(), nullable=False),
        pa.field("headers", pa.string(), nullable=False),
        pa.field("data", pa.binary(), nullable=False),
        pa.field("time", pa.timestamp("us", tz="UTC"), nullable=False),
    ]
)


class PartWriter:
    """Writes facts to a file, which is whole when the block ends."""

    def __init__(self, path: Path) -> None:
        self._writer = pq.ParquetWriter(path, _SCHEMA, compression="zstd", use_dictionary=["subject"])
        self._group: list[KeptFact] = []

    def add(self, fact: KeptFact) -> None:
        """Write one fact behind those before it."""
        self._group.append(fact)
        if len(self._group) == _GROUP:
            self._flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None and self._group:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        rows = [{**vars(fact), "headers": json.dumps(dict(fact.headers))} for fact in self._group]
        self._writer.write_table(pa.Table.from_pylist(rows, schema=_SCHEMA))
        self._group = []


def facts_in(content: bytes, subjects: Sequence[str], after: int, before: int) -> Iterator[Sequence[KeptFact]]:
    """Yield the facts of a part between two sequences whose subject is one of ``subjects``, a group at a time.

    ``content`` is the bytes of the file, whose digest was proven.
    """
    file = pq.ParquetFile(pa.BufferReader(content))
    wanted = matching(subjects)
    for number in range(file.num_row_groups):
        # What is asked for is seldom in every group: its facts are read only if it is.
        places = file.read_row_group(number, columns=["sequence", "subject"])
        mask = _mask(places, wanted, after, before)
        if pc.any(mask).as_py():
            yield [_fact(row) for row in file.read_row_group(number).filter(mask).to_pylist()]


def _mask(places: pa.Table, wanted: re.Pattern[str], after: int, before: int) -> Any:
    subjects = [subject for subject in pc.unique(places["subject"]).to_pylist() if wanted.fullmatch(subject)]
    within = pc.and_(pc.greater(places["sequence"], after), pc.less(places["sequence"], before))
    return pc.and_(within, pc.is_in(places["subject"], value_set=pa.array(subjects, pa.string())))


def _fact(row: dict[str, Any]) -> KeptFact:
    return KeptFact(**{**row, "headers": json.loads(row["headers"])})
