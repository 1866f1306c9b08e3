"""Bytes on their way to an object: a file beside it that is gone afterwards, and what there is no room for."""

import errno
import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.objects import ObjectsFull

_FULL = re.compile(r"os error (28|122)\b|No space left|StorageFull|InsufficientStorage|QuotaExceeded")
"""How a disk, or an S3 server, says that it is full or that the owner's share of it is."""


def says_full(error: str) -> bool:
    """Return whether the text of a store's error says that there is no room left.

    >>> says_full("Unable to copy data to file: No space left on device (os error 28)")
    True
    """
    return _FULL.search(error) is not None


def measured(path: Path) -> tuple[str, int]:
    """Return the SHA-256 of a file and its size in bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size


@contextmanager
def spooled(chunks: Iterable[bytes], beside: Path | None = None) -> Iterator[Path]:
    """Yield a file of ``chunks`` that is gone afterwards, unless it was moved.

    Raises:
        ObjectsFull: if there is no room for it.
    """
    with tempfile.NamedTemporaryFile(dir=beside.parent if beside else None, prefix=".spool-", delete=False) as file:
        path = Path(file.name)
        try:
            for chunk in chunks:
                with _room_in(path.parent):
                    file.write(chunk)
            with _room_in(path.parent):
                file.close()
            yield path
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def _room_in(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise ObjectsFull(f"in {folder} to take in an object") from None
