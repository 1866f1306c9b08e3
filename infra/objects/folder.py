"""What a folder needs beyond obstore, which never asks the disk whether the bytes have arrived."""

import os
import re
import time
from pathlib import Path

_HALF_WRITTEN = re.compile(r"#\d+$")


def settle(root: Path, path: Path) -> None:
    """Return when the file at ``path`` and its name, up to ``root``, would survive a power cut."""
    _sync(path)
    for folder in path.parents:
        _sync(folder)
        if folder == root:
            return


def sweep(root: Path, older_than_seconds: float = 24 * 3600) -> int:
    """Remove what writers that were killed left half-written below ``root``, and return how many."""
    horizon = time.time() - older_than_seconds
    stale = [p for p in root.rglob("*#*") if _HALF_WRITTEN.search(p.name) and p.stat().st_mtime < horizon]
    for path in stale:
        path.unlink(missing_ok=True)
    return len(stale)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
