"""Dataset versions on this machine, fetched once."""

from collections.abc import Callable
from pathlib import Path

from contracts.ids import Digest

Fetch = Callable[[str, Digest, Path], None]


class DataCache:
    """A folder with the dataset versions used last; workers on one machine may share it."""

    def __init__(self, folder: Path, fetch: Fetch, most: int) -> None:
        """Take the folder, how to fetch an object into a file atomically, and how many files to keep."""
        self._folder = folder
        self._fetch = fetch
        self._most = most

    def path_of(self, key: str, digest: Digest) -> Path:
        """Return the file with the object ``key``, fetching it if it is not here."""
        path = self._folder / f"{digest}.parquet"
        if path.exists():
            path.touch()
            return path
        self._folder.mkdir(parents=True, exist_ok=True)
        self._fetch(key, digest, path)
        for old in sorted(self._folder.glob("*.parquet"), key=_used_at, reverse=True)[self._most :]:
            old.unlink(missing_ok=True)
        return path


def _used_at(path: Path) -> float:
    # Another worker may remove it meanwhile.
    return path.stat().st_mtime if path.exists() else 0.0
