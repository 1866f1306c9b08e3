"""What the children of one machine need alike, and is dear to make: one makes it, the others read what it left."""

import fcntl
import pickle
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

MadeT = TypeVar("MadeT")

_LONGEST = 60.0
"""Seconds to wait for another child that makes the same; it may stand still."""
_BETWEEN = 0.02
_UNREADABLE = (
    OSError,
    EOFError,
    pickle.UnpicklingError,
    AttributeError,
    ImportError,
    LookupError,
    TypeError,
    ValueError,
)
"""What becomes of a file that another release left, or half of one."""


def made_once(path: Path, make: Callable[[], MadeT], most: int) -> MadeT:
    """Return what ``path`` holds, made now if nobody has; at most ``most`` such files stay beside it.

    A child that dies while it makes it leaves nothing, and the next one begins anew. Only this platform's own processes
    write into the folder, so that what is read there may be trusted.
    """
    made: MadeT | None = _read(path)
    if made is not None:
        return made
    path.parent.mkdir(parents=True, exist_ok=True)
    with _turn(path.with_suffix(".turn")):
        made = _read(path)
        if made is None:
            made = make()
            _write(path, made)
            _forget_old(path, most)
        return made


@contextmanager
def _turn(path: Path) -> Iterator[None]:
    """Wait until no other child has the turn, but not for ever: who then goes on makes the same once more."""
    with path.open("wb") as file:
        until = time.monotonic() + _LONGEST
        while not _taken(file.fileno()) and time.monotonic() < until:
            time.sleep(_BETWEEN)
        yield


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(path: Path) -> Any:
    """Return what a file holds; None if there is no such file, or it cannot be read."""
    try:
        with path.open("rb") as file:
            return pickle.load(file)  # noqa: S301 - see made_once
    except _UNREADABLE:
        return None


def _write(path: Path, made: object) -> None:
    with suppress(OSError), tempfile.TemporaryDirectory(dir=path.parent) as folder:  # a full disk only costs time
        written = Path(folder) / path.name
        with written.open("wb") as file:
            pickle.dump(made, file, protocol=pickle.HIGHEST_PROTOCOL)
        written.replace(path)


def _forget_old(path: Path, most: int) -> None:
    files = sorted(path.parent.glob(f"*{path.suffix}"), key=_written_at, reverse=True)
    for old in files[most:]:
        old.unlink(missing_ok=True)
        old.with_suffix(".turn").unlink(missing_ok=True)


def _written_at(path: Path) -> float:
    # Another child may remove it meanwhile.
    return path.stat().st_mtime if path.exists() else 0.0
