"""DuckDB turns a prepared file into Parquet, and every row is accounted for."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from services.ingest.domain.errors import AccountingFailed, TooManyMalformedRows
from services.ingest.domain.kinds import MISFITS, Kind, kind_of
from services.ingest.domain.statement import name
from services.ingest.domain.table import Malformed
from services.ingest.reading.delimited import Delimited
from services.ingest.reading.rejects import Rejects, rejects_of
from services.ingest.reading.sql import TooNarrow, copy_of, text, too_narrow

_DISTINCT = 20_000


@dataclass(frozen=True)
class Limits:
    """What one reading may use."""

    memory: str
    threads: int
    scratch: Path
    """Folder for what does not fit into memory."""


def write_typed(file: Delimited, first: Sequence[Kind | None], target: Path, limits: Limits) -> tuple[int, Malformed]:
    """Write ``file`` to ``target``, beginning with the kinds that its ``first`` rows show; return how many rows.

    Raises:
        TooManyMalformedRows, AccountingFailed: if what would be registered is not what is in the file.
    """
    kinds = [kind or Kind.STRING for kind in first]
    undecided = [index for index, kind in enumerate(first) if kind is None]
    while True:
        try:
            rows, rejects = _accounted(file, kinds, target, limits)
            _widen_misfits(file, kinds, rejects)
        except TooNarrow as found:
            kinds[found.index] = found.kind
            undecided = [index for index in undecided if index != found.index]
            continue
        decided, undecided = _decided(file, undecided, target, limits), []
        if decided:
            kinds = [decided.get(index, kind) for index, kind in enumerate(kinds)]
            continue
        if rejects.listed * 2 > file.records:
            raise TooManyMalformedRows(rejects.listed, file.records, _said(rejects))
        return rows, Malformed(rejects.listed, rejects.first)


@contextmanager
def connected(limits: Limits) -> Iterator[Any]:
    """Yield a DuckDB connection of its own, held to the limits."""
    config: dict[str, Any] = {
        "memory_limit": limits.memory,
        "threads": limits.threads,
        "temp_directory": str(limits.scratch / "spill"),
    }
    with duckdb.connect(config=config) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def _accounted(file: Delimited, kinds: Sequence[Kind], target: Path, limits: Limits) -> tuple[int, Rejects]:
    rows, rejects = 0, Rejects()
    for parallel in (True, False):  # in parallel it loses rows, seldom and in silence
        rows, rejects = _copied(file, kinds, target, limits, parallel=parallel)
        if rows + rejects.listed == file.records:
            return rows, rejects
    raise AccountingFailed(file.records, rows, rejects.listed)


def _copied(
    file: Delimited, kinds: Sequence[Kind], target: Path, limits: Limits, *, parallel: bool
) -> tuple[int, Rejects]:
    with connected(limits) as connection:
        try:
            ((rows,),) = connection.execute(copy_of(file, kinds, target, parallel=parallel)).fetchall()
        except duckdb.InvalidInputException as error:
            raise too_narrow(str(error)) or error from None
        return rows, rejects_of(connection, file)


def _widen_misfits(file: Delimited, kinds: Sequence[Kind], rejects: Rejects) -> None:
    for index, count in rejects.misfits.items():
        if count > file.records // MISFITS and kinds[index] is not Kind.STRING:
            raise TooNarrow(index, Kind.STRING)


def _decided(file: Delimited, undecided: Sequence[int], target: Path, limits: Limits) -> dict[int, Kind]:
    """Look again, now in whole, at columns whose first rows were empty; return what they are if they are not text."""
    if not undecided:
        return {}
    found = {}
    with connected(limits) as connection:
        for index in undecided:
            column = name(file.dialect.names[index])
            seen = connection.execute(
                f"SELECT DISTINCT {column} FROM {text(str(target))} WHERE {column} IS NOT NULL LIMIT {_DISTINCT}"  # noqa: S608
            ).fetchall()
            kind = kind_of(file.dialect.names[index], [cell for (cell,) in seen])
            if kind not in {None, Kind.STRING}:
                found[index] = Kind(kind)
    return found


def _said(rejects: Rejects) -> str:
    row = rejects.first[0]
    return f"line {row.line}{f' of {row.file}' if row.file else ''} {row.problem}"
