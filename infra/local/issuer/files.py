"""Files for the owner's eyes only."""

import os
import tempfile
from pathlib import Path


def write_private(path: Path, content: bytes) -> bool:
    """Write a new file that only its owner can read, whole or not at all; return False if it was there before."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        Path(path).hardlink_to(unfinished)  # unlike a rename, it refuses what another process wrote meanwhile
    except FileExistsError:
        return False
    finally:
        Path(unfinished).unlink()
    return True
