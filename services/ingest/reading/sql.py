"""The SQL that reads a delimited file one step wider than its types, and narrows only what loses nothing.

A reader that is told "integer" rounds 2.5 to 3 without a word. So an integer is read as a double, a date as a
timestamp, and whatever is not exactly what it should be ends the query with the name of the wider kind to try.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from services.ingest.domain.kinds import INSTANT, MISSING, TIMESTAMP, Kind
from services.ingest.domain.statement import name
from services.ingest.reading.delimited import Delimited

_READ_AS = {Kind.INTEGER: "DOUBLE", Kind.FLOAT: "DOUBLE", Kind.DATE: "TIMESTAMP"}
_WIDEN = re.compile(r"widen (\d+) (\w+)")


class TooNarrow(Exception):
    """A column holds what its kind cannot."""

    def __init__(self, index: int, kind: Kind) -> None:
        self.index = index
        self.kind = kind
        super().__init__(index, kind)


def too_narrow(problem: str) -> TooNarrow | None:
    """Return what a query that gave up asks for; None if it failed for another reason."""
    found = _WIDEN.search(problem)
    return TooNarrow(int(found[1]), Kind(found[2])) if found else None


def copy_of(file: Delimited, kinds: Sequence[Kind], target: Path, *, parallel: bool) -> str:
    """Return the statement that turns ``file`` into a Parquet file at ``target``."""
    columns = ", ".join(f"{_narrowed(i, kind)} AS {name(file.dialect.names[i])}" for i, kind in enumerate(kinds))
    return (
        f"COPY (SELECT {columns} FROM {_scan(file, kinds, parallel=parallel)}) "  # noqa: S608 - every name is quoted
        f"TO {text(str(target))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    )


def text(value: str) -> str:
    """Return a string as SQL says it."""
    return "'" + value.replace("'", "''") + "'"


def _scan(file: Delimited, kinds: Sequence[Kind], *, parallel: bool) -> str:
    columns = ", ".join(f"'c{i}': '{_READ_AS.get(kind, 'VARCHAR')}'" for i, kind in enumerate(kinds))
    missing = ", ".join(map(text, MISSING))
    return (
        f"read_csv({text(str(file.path))}, auto_detect = false, header = true, columns = {{{columns}}}, "
        f"delim = {text(file.dialect.delimiter)}, quote = '\"', escape = '\"', nullstr = [{missing}], "
        f"store_rejects = true, parallel = {str(parallel).lower()})"
    )


def _narrowed(index: int, kind: Kind) -> str:
    c = f"c{index}"

    def widen(wider: Kind) -> str:
        return f"error('widen {index} {wider}')"

    match kind:
        case Kind.INTEGER:
            return (
                f"CASE WHEN {c} IS NULL THEN NULL WHEN isinf({c}) OR {c} <> trunc({c}) THEN {widen(Kind.FLOAT)} "
                f"WHEN abs({c}) >= 9007199254740992 THEN {widen(Kind.EXACT)} ELSE {c}::BIGINT END"
            )
        case Kind.EXACT:
            return _if(c, f"try_cast({c} AS BIGINT)::VARCHAR = {c}", f"{c}::BIGINT", widen(Kind.STRING))
        case Kind.BOOLEAN:
            return _if(c, f"lower({c}) IN ('true', 'false')", f"{c}::BOOLEAN", widen(Kind.STRING))
        case Kind.DATE:
            return _if(c, f"{c}::DATE::TIMESTAMP = {c}", f"{c}::DATE", widen(Kind.TIMESTAMP))
        case Kind.TIMESTAMP | Kind.INSTANT:
            pattern, read = (TIMESTAMP, "TIMESTAMP") if kind is Kind.TIMESTAMP else (INSTANT, "TIMESTAMPTZ")
            # The cast alone would drop an offset in silence.
            moment = f"try_cast({c} AS {read})"
            fits = f"regexp_full_match({c}, {text(pattern)}) AND {moment} IS NOT NULL"
            return _if(c, fits, moment, widen(Kind.STRING))
        case _:
            return c


def _if(column: str, fits: str, narrowed: str, otherwise: str) -> str:
    return f"CASE WHEN {column} IS NULL THEN NULL WHEN {fits} THEN {narrowed} ELSE {otherwise} END"
