"""Several delimited files made one, byte for byte where they are alike, value for value where they are not."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

from services.ingest.domain.dialect import Dialect, named
from services.ingest.domain.joined import joined_columns
from services.ingest.reading.delimited import Delimited, Origin

_BLOCK = 1024 * 1024
_EMPTY = {b"", b'""'}


@dataclass(frozen=True)
class DelimitedPart:
    """One of several delimited files, ready to be joined."""

    name: str
    file: Delimited
    constants: Mapping[str, str]
    """Columns that have one value in all of its rows, and do not stand in it."""


def joined(parts: Sequence[DelimitedPart], constants: Iterable[str], path: Path) -> Delimited:
    """Write the rows of all ``parts`` to ``path`` below one header, and remove the parts.

    Args:
        parts: in the order of their rows.
        constants: columns that come last, unless a part holds them itself.
        path: the file to write.

    Raises:
        NothingInCommon, DuplicateColumns: if they are not parts of one table.
    """
    own = joined_columns({part.name: part.file.dialect.names for part in parts})
    names = named((*own, *(name for name in constants if name not in own)))
    dialect = Dialect(parts[0].file.dialect.delimiter, names)
    origins = []
    with path.open("wb") as target:
        header = dialect.delimiter.encode().join(map(_quoted, names)) + b"\n"
        target.write(header)
        line = 1 + header.count(b"\n")
        for part in parts:
            own_line, written = _append(part, dialect, target)
            origins.append(Origin(line, part.name, own_line + part.file.lines_before))
            line += written
            part.file.path.unlink()
    return Delimited(path, dialect, sum(part.file.records for part in parts), 0, tuple(origins))


def records(lines: Iterable[bytes], delimiter: bytes) -> Iterator[tuple[bytes, list[bytes]]]:
    """Yield each record as it is written, with its values as they are written, quotes and all.

    >>> [fields for _, fields in records(iter([b'a,"b', b'c"', b"d"]), b",")]
    [[b'a', b'"bc"'], [b'd']]
    """
    value = re.compile(rb'("(?:[^"]|"")*+"[^%b\n]*|(?!")[^%b\n]*)(%b|\n?\Z)' % ((re.escape(delimiter),) * 3))
    held = b""
    for line in lines:
        raw, held = held + line, b""
        if b'"' not in raw:
            yield raw, raw.rstrip(b"\n").split(delimiter)
        elif (b'"' not in line and raw != line) or (fields := _fields(raw, value)) is None:
            held = raw
        else:
            yield raw, fields


def _fields(raw: bytes, value: re.Pattern[bytes]) -> list[bytes] | None:
    """Return the values of a record; None if it goes on in the next line."""
    fields, at = [], 0
    while found := value.match(raw, at):
        fields.append(found[1])
        if found[2] in {b"", b"\n"}:
            return fields
        at = found.end()
    return None


def _append(part: DelimitedPart, dialect: Dialect, target: BinaryIO) -> tuple[int, int]:
    """Append a part's rows; return the line of its first row, and how many lines were written."""
    own = part.file.dialect
    with part.file.path.open("rb") as source:
        header, _ = next(records(source, own.delimiter.encode()))
        source.seek(len(header))
        blocks: Iterator[bytes]
        if own == dialect:
            blocks = iter(lambda: source.read(_BLOCK), b"")
        elif _only_lengthened(part, dialect):
            blocks = _lengthened(source, part, dialect)
        else:
            blocks = _rewritten(source, part, dialect)
        lines, last = 0, b"\n"
        for block in blocks:
            target.write(block)
            lines, last = lines + block.count(b"\n"), block[-1:]
    if last != b"\n":
        target.write(b"\n")
        lines += 1
    return 1 + max(1, header.count(b"\n")), lines


def _only_lengthened(part: DelimitedPart, dialect: Dialect) -> bool:
    """Whether each line of a part is a row that only lacks the values at its end."""
    own = part.file.dialect
    width = len(own.names)
    if width == 1 or own.delimiter != dialect.delimiter or own.names != dialect.names[:width]:
        return False
    with part.file.path.open("rb") as source:
        return not any(b'"' in block for block in iter(lambda: source.read(_BLOCK), b""))


def _lengthened(source: BinaryIO, part: DelimitedPart, dialect: Dialect) -> Iterator[bytes]:
    delimiter = dialect.delimiter.encode()
    behind = dialect.names[len(part.file.dialect.names) :]
    end = b"".join(delimiter + _quoted(part.constants.get(name, "")) for name in behind) + b"\n"
    while lines := source.readlines(_BLOCK):
        if not lines[-1].endswith(b"\n"):
            lines[-1] += b"\n"
        block = b"".join(lines)
        if b"\n" in lines or delimiter + b"\n" in block:
            yield from _rewritten(lines, part, dialect)
        else:
            yield block.replace(b"\n", end)


def _rewritten(lines: Iterable[bytes], part: DelimitedPart, dialect: Dialect) -> Iterator[bytes]:
    own, delimiter = part.file.dialect, dialect.delimiter.encode()
    width, same = len(own.names), own.delimiter == dialect.delimiter
    values = [*own.names, *(name for name in dialect.names if name not in own.names)]
    behind = [_quoted(part.constants.get(name, "")) for name in values[width:]]
    ordered = itemgetter(*map(values.index, dialect.names))
    for raw, fields in records(lines, own.delimiter.encode()):
        while len(fields) > width and fields[-1] in _EMPTY:
            fields.pop()  # the reader, too, takes no offence at delimiters behind the last value
        if len(fields) == width:
            kept = fields if same else [_with(field, delimiter) for field in fields]
            yield delimiter.join(ordered(kept + behind)) + b"\n"
        elif raw == b"\n":
            yield raw
        else:
            # What it holds cannot be told by column: it stays as malformed as it was, and as many lines long.
            inner = b"\n" * (raw.count(b"\n") - raw.endswith(b"\n"))
            more = delimiter * len(dialect.names) + b'"' + inner + b'-"\n'
            yield more if len(fields) > width else b'"' + inner + b'"\n'


def _with(value: bytes, delimiter: bytes) -> bytes:
    if delimiter not in value or value.startswith(b'"'):
        return value
    return b'"' + value.replace(b'"', b'""') + b'"'


def _quoted(value: str) -> bytes:
    return b'"' + value.replace('"', '""').encode() + b'"' if value else b""
