"""The disk and the memory that files are read with."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from services.ingest.domain.file_errors import ScratchFull, TooLittleMemory
from services.ingest.sources import File

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_SAID = ("no space left", "file too large", "disk quota exceeded", "failed to offload data block")


@contextmanager
def room_watched() -> Iterator[None]:
    """Turn a full disk or memory into a refusal that says so, whichever library met it.

    Raises:
        ScratchFull, TooLittleMemory: in place of what the library raised.
    """
    try:
        yield
    except (OSError, duckdb.Error) as error:
        if getattr(error, "errno", None) in _FULL or any(said in str(error).casefold() for said in _SAID):
            raise ScratchFull from None
        if isinstance(error, duckdb.OutOfMemoryException):
            raise TooLittleMemory from None
        raise


def spooled(file: File, path: Path) -> Path:
    """Write ``file`` to ``path``, for readers that need all of it, and return the path."""
    with room_watched(), path.open("wb") as copy:
        copy.writelines(file.open())
    return path
