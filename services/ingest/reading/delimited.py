"""A delimited upload made ready for the reader: UTF-8, even line ends, counted."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from services.ingest.domain.dialect import Dialect, dialect_of, rows_of
from services.ingest.domain.errors import EmptyFile, UnclosedQuote
from services.ingest.domain.kinds import Kind, comma_number, kind_of
from services.ingest.domain.records import Records
from services.ingest.domain.text import NotUtf8, checked, encoding_of, recoded, western

_SAMPLE_BYTES = 256 * 1024
_SAMPLE_ROWS = 20_000
_SAMPLE_CELLS = 500_000


@dataclass(frozen=True)
class Origin:
    """Where rows of a joined file come from."""

    first: int
    """The line of the joined file on which they begin."""
    file: str
    line: int
    """The line of their own file on which they begin."""


@dataclass(frozen=True)
class Delimited:
    """A file that is ready to be read."""

    path: Path
    dialect: Dialect
    records: int
    """Rows below the header, by the independent count."""
    lines_before: int
    """Blank lines that stood before the header, and were dropped."""
    origins: tuple[Origin, ...] = ()
    """Where its rows come from, in order; empty if it is one file as it was."""

    def place(self, line: int) -> tuple[int, str | None]:
        """Return where a line of this file stood: its own line, and the file if there were several."""
        if not self.origins:
            return line + self.lines_before, None
        origin = self.origins[bisect_right(self.origins, line, key=lambda o: o.first) - 1]
        return line - origin.first + origin.line, origin.file


def prepare(filename: str, upload: Callable[[], Iterator[bytes]], path: Path) -> tuple[Delimited, tuple[str, ...]]:
    """Write an upload to ``path`` as the reader wants it; return it with notes for a person.

    Raises:
        Refusal: if the text cannot be a table.
    """
    encoding = encoding_of(next(upload(), b""))
    if encoding != "utf-8-sig":
        return _prepared(filename, recoded(upload(), encoding), path), ()
    try:
        return _prepared(filename, checked(upload()), path), ()
    except NotUtf8 as fault:
        file = _prepared(filename, western(upload(), fault), path)
        return file, (f"Line {fault.line} is not UTF-8, so the file was read as Windows-1252; check its accents.",)


def kinds_of(file: Delimited) -> list[Kind | None]:
    """Return what the first rows say about each column; None where they hold no value."""
    return [kind_of(name, cells) for name, cells in _sampled(file)]


def comma_notes(file: Delimited) -> tuple[str, ...]:
    """Return a note for each column of numbers that are text to the reader, because a comma stands in them."""
    examples = {name: comma_number(cells) for name, cells in _sampled(file)}
    return tuple(
        f"The column {name} is text: its numbers have a comma, such as {example.strip()}. "
        "Write a point before the decimals, and nothing between thousands."
        for name, example in examples.items()
        if example
    )


def _sampled(file: Delimited) -> Iterator[tuple[str, Sequence[str]]]:
    """Return each column with its values in the first rows."""
    width = len(file.dialect.names)
    count = min(_SAMPLE_ROWS, max(1_000, _SAMPLE_CELLS // width))
    with file.path.open(encoding="utf-8", newline="") as text:
        rows = rows_of(text, file.dialect.delimiter)
        next(rows)
        # Rows of another length will be listed; they say nothing about the columns.
        sample = [row for row in islice(rows, count) if len(row) == width]
    columns = zip(*sample, strict=True) if sample else [()] * width
    return zip(file.dialect.names, columns, strict=True)


def _prepared(filename: str, chunks: Iterator[bytes], path: Path) -> Delimited:
    sample, lines_before = _beginning(chunks)
    if not sample:
        raise EmptyFile(filename)
    # The last record of a sample may be cut short.
    dialect = dialect_of((sample[: sample.rfind(b"\n") + 1] if len(sample) >= _SAMPLE_BYTES else sample).decode())
    records = Records(dialect.delimiter, blank_lines_count=len(dialect.names) == 1)
    with path.open("wb") as file:
        file.writelines(map(records.feed, chain([sample], chunks)))
        file.write(records.finish())
    if records.unclosed is not None:
        raise UnclosedQuote(records.unclosed + lines_before)
    return Delimited(path, dialect, records.count - 1, lines_before)


def _beginning(chunks: Iterable[bytes]) -> tuple[bytes, int]:
    """Take enough to see the dialect from, without the blank lines in front."""
    taken = b""
    dropped = 0
    for chunk in chunks:
        taken += chunk
        kept = taken.lstrip(b"\r\n")
        blank = taken[: len(taken) - len(kept)]
        dropped += blank.count(b"\n") or blank.count(b"\r")
        taken = kept
        if len(taken) >= _SAMPLE_BYTES:
            break
    return taken, dropped
