"""The rows that DuckDB could not read, by their true line."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts.ingest import RejectedRow
from services.ingest.reading.delimited import Delimited

TOLD = 20
"""How many malformed rows are told one by one."""

_BLOCK = 1024 * 1024
_PROBLEMS = {
    "CAST": "holds a value that does not fit the column {column}",
    "MISSING COLUMNS": "has fewer values than the header has names",
    "TOO MANY COLUMNS": "has more values than the header has names",
    "UNQUOTED VALUE": "has text after a closing quote",
    "LINE SIZE OVER MAXIMUM": "is longer than 2,000,000 bytes",
}
# A row of the wrong length has its values in the wrong columns: that says nothing about their types.
_MISFITS = """
    SELECT column_name, count(DISTINCT line_byte_position) FROM reject_errors
    WHERE line_byte_position NOT IN (SELECT line_byte_position FROM reject_errors WHERE error_type <> 'CAST')
    GROUP BY column_name
"""


@dataclass(frozen=True)
class Rejects:
    """Malformed rows of one reading."""

    listed: int = 0
    first: tuple[RejectedRow, ...] = ()
    misfits: Mapping[int, int] = field(default_factory=dict)
    """Column to the number of rows whose value there has another type."""


def rejects_of(connection: Any, file: Delimited) -> Rejects:
    """Return what the query that just ran on ``connection`` rejected."""
    ((listed,),) = connection.execute("SELECT count(DISTINCT line_byte_position) FROM reject_errors").fetchall()
    if not listed:
        return Rejects()
    misfits = connection.execute(_MISFITS).fetchall()
    return Rejects(listed, _first(connection, file), {_index(column): count for column, count in misfits})


def _first(connection: Any, file: Delimited) -> tuple[RejectedRow, ...]:
    found = connection.execute(
        "SELECT line_byte_position, error_type::VARCHAR, column_name FROM reject_errors WHERE line_byte_position IN "
        "(SELECT DISTINCT line_byte_position FROM reject_errors ORDER BY 1 LIMIT ?) ORDER BY 1, column_idx",
        [TOLD],
    ).fetchall()
    problems: dict[int, list[str]] = defaultdict(list)
    for position, kind, column in found:
        name = file.dialect.names[_index(column)] if column else ""
        problems[position].append(_PROBLEMS.get(kind, f"cannot be read ({kind.lower()})").format(column=name))
    lines = lines_of(file.path, sorted(problems))
    places = map(file.place, lines)
    return tuple(
        RejectedRow(line=line, problem=problems[position][0], file=name)
        for (line, name), position in zip(places, sorted(problems), strict=True)
    )


def lines_of(path: Path, positions: Sequence[int]) -> list[int]:
    """Return the lines on which the bytes at ``positions`` lie: all count from 1, and positions ascend.

    The reader's own line is the record's number, which is another thing where values hold line ends.
    """
    lines = []
    line, read = 1, 0
    with path.open("rb") as file:
        for position in positions:
            while read < position - 1:
                block = file.read(min(_BLOCK, position - 1 - read))
                line += block.count(b"\n")
                read += len(block)
            # The reader takes blank lines for the beginning of the row behind them.
            while file.peek(1)[:1] == b"\n":
                read += len(file.read(1))
                line += 1
            lines.append(line)
    return lines


def _index(column: str) -> int:
    return int(column.removeprefix("c"))
