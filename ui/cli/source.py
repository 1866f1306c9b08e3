"""Where a verb's rows come from: a file that a person names, a named pipe, or what is piped in."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ui.cli.exits import WrongUsage

STDIN = Path("-")

_ENDINGS = (
    (b"PAR1", ".parquet"),
    (b"ARROW1", ".arrow"),
    (b"\xff\xff\xff\xff", ".arrow"),
    (b"PK\x03\x04", ".xlsx"),
    (b"\x1f\x8b", ".csv.gz"),
    (b"\x28\xb5\x2f\xfd", ".csv.zst"),
    (b"{", ".jsonl"),
    (b"", ".csv"),
)
"""What a file begins with, and how one like it is called; what is compressed is taken for CSV."""


@contextmanager
def opened(source: Path, wanted: str) -> Iterator[BinaryIO]:
    """Yield the bytes of ``source``, a regular file, a pipe, or ``-`` for what is piped in.

    Raises:
        WrongUsage: if it cannot be read; the cure names what is ``wanted`` in its place.
    """
    if source == STDIN:
        yield sys.stdin.buffer
        return
    _check(source, wanted)
    try:
        file = source.open("rb")
    except OSError as error:
        raise WrongUsage(f"{source} cannot be read: {error.strerror}. Give {wanted} that you may read.") from None
    with file:
        yield file


@contextmanager
def at_hand(source: Path, content: BinaryIO, scratch: Path) -> Iterator[Path]:
    """Yield a regular file with the opened ``content`` of ``source``; that of a pipe is written below ``scratch``.

    What comes through a pipe has no name that says its format, so its file is named after what it begins with.
    """
    if source.is_file() and not _in_dev(source):
        yield source
        return
    with tempfile.TemporaryDirectory(prefix="trackside-", dir=scratch) as folder:
        written = Path(folder) / "written"
        with written.open("wb") as copy:
            shutil.copyfileobj(content, copy)
        yield written.rename(Path(folder) / _named(source, written))


def title(source: Path) -> str:
    """Return what a person calls ``source``."""
    return "stdin" if source == STDIN else str(source)


def _check(source: Path, wanted: str) -> None:
    if source.is_dir():
        raise WrongUsage(f"{source} is a folder. Give {wanted} in it.")
    if source.is_block_device() or source.is_char_device():
        raise WrongUsage(f"{source} is a device. Give {wanted}, or - for what is piped in.")
    try:
        source.stat()
    except OSError as error:
        raise WrongUsage(f"{source} cannot be read: {error.strerror}. Give the path of {wanted}.") from None


def _in_dev(source: Path) -> bool:
    """Return whether the system gives this name to something that is open, as ``/dev/stdin``."""
    return source.is_relative_to("/dev") or source.is_relative_to("/proc")


def _named(source: Path, written: Path) -> str:
    name = title(source) if source == STDIN else source.name
    if Path(name).suffix:
        return name
    with written.open("rb") as file:
        head = file.read(16)
    return name + next(ending for mark, ending in _ENDINGS if head.startswith(mark))
