"""The Objects port over obstore: a folder, memory, or S3, by URL."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, InvalidPathError
from obstore.store import LocalStore, MemoryStore, S3Store

from contracts.errors import Misconfigured
from infra.clock import utc_now
from infra.objects import Listed, ObjectDamaged, ObjectMissing, Objects, ObjectsFull, ObjectsUnavailable, Stored
from infra.objects.folder import settle
from infra.objects.s3 import S3Access, s3_access_of, s3_store
from infra.objects.spool import measured, says_full, spooled
from infra.settings import StateSettings

_PIECE = 4 * 1024 * 1024
"""Bytes that are held at a time."""
_PART = 16 * 1024 * 1024
"""Bytes of one part of an upload to S3."""
_FRESH = timedelta(hours=12)
"""How long an object is taken for new: half of the shortest time that one which nothing names is kept."""
_NO_STEPS = frozenset({"", ".", ".."})
"""What no part of a key may be."""


def open_objects(url: str, s3: S3Access | None = None) -> Objects:
    """Return the store at ``url``: ``file:///folder``, ``memory://`` (each call a new one) or ``s3://bucket``.

    Raises:
        Misconfigured: if there is no such store, or it cannot be opened.
    """
    scheme = url.partition("://")[0]
    if scheme == "file":
        return _open_folder(Path(url.removeprefix("file://")))
    if scheme == "memory":
        return Store(MemoryStore())
    if scheme == "s3":
        return Store(s3_store(url, s3), hide=s3.hidden_in if s3 else str)
    raise Misconfigured(f"objects_url {url} is none of file:///folder, memory://, s3://bucket")


def _open_folder(folder: Path) -> Objects:
    try:
        return Store(LocalStore(folder, mkdir=True), folder=folder)
    except (BaseError, OSError) as error:
        raise Misconfigured(f"objects_url: cannot use the folder {folder}: {_first_line(error)}") from None


def objects_of(settings: StateSettings) -> Objects:
    """Return the store that a process's settings name.

    Raises:
        Misconfigured: if it cannot be opened.
    """
    return open_objects(settings.objects_url, s3_access_of(settings))


class Store:
    """Objects in one obstore store."""

    def __init__(
        self,
        store: LocalStore | MemoryStore | S3Store,
        folder: Path | None = None,
        hide: Callable[[str], str] = str,
    ) -> None:
        """``folder`` is where a local store lies; ``hide`` takes secrets out of what an error says."""
        self._store = store
        self._folder = folder
        self._hide = hide

    def put(self, prefix: str, chunks: Iterable[bytes], suffix: str = "") -> Stored:
        """Store bytes under ``<prefix>/<their sha-256><suffix>``."""
        with spooled(chunks) as path:
            return self.put_file(prefix, path, suffix)

    def put_file(self, prefix: str, path: Path, suffix: str = "") -> Stored:
        """Store a file's bytes under ``<prefix>/<their sha-256><suffix>``."""
        digest, size = measured(path)
        key = f"{prefix}/{digest}{suffix}"
        with self._asking(key):
            # A power cut may have left a short file under the right name: writing again heals it. Replacing equal
            # bytes is safe, and unlike create-once it may be sent in parts.
            if not self._is_fresh(key, size):
                obstore.put(self._store, key, path, chunk_size=_PART, max_concurrency=4)
                self._settle(key)
        return Stored(key=key, digest=digest, size=size)

    def create(self, key: str, chunks: Iterable[bytes]) -> bool:
        """Store bytes under ``key`` if it is free; return whether it was."""
        with spooled(chunks) as path, self._asking(key):
            try:
                obstore.put(self._store, key, path, mode="create")
            except AlreadyExistsError:
                return False
            self._settle(key)
            return True

    def read(self, key: str) -> bytes:
        """Return a small object whole."""
        with self._asking(key):
            return bytes(obstore.get(self._store, key).bytes())

    def stream(self, key: str) -> Iterator[bytes]:
        """Yield an object's bytes in pieces."""
        with self._asking(key):
            pieces = iter(obstore.get(self._store, key).stream(min_chunk_size=_PIECE))
        while True:
            with self._asking(key):
                piece = next(pieces, None)
            if piece is None:
                return
            if piece:
                yield bytes(piece)

    def part(self, key: str, start: int, length: int) -> bytes:
        """Return ``length`` bytes of an object from ``start``."""
        with self._asking(key):
            return bytes(obstore.get_range(self._store, key, start=start, length=length))

    def size(self, key: str) -> int:
        """Return how many bytes an object has."""
        with self._asking(key):
            return obstore.head(self._store, key)["size"]

    def fetch(self, key: str, digest: str, path: Path) -> None:
        """Write an object to ``path`` atomically, once its SHA-256 is proven."""
        with spooled(self.stream(key), beside=path) as spool:
            found, _ = measured(spool)
            if found != digest:
                raise ObjectDamaged(key, expected=digest, found=found)
            spool.replace(path)

    def delete(self, key: str) -> None:
        """Remove an object; a missing one is no error."""
        try:
            with self._asking(key):
                obstore.delete(self._store, key)
        except ObjectMissing:
            return

    def keys(self, prefix: str) -> list[str]:
        """Return the keys below ``prefix``, sorted."""
        with self._asking(prefix):
            found = [meta["path"] for page in obstore.list(self._store, prefix) for meta in page]
        return sorted(found)

    def listing(self, prefix: str) -> Iterator[Listed]:
        """Yield every object below ``prefix``, in any order."""
        with self._asking(prefix):
            pages = iter(obstore.list(self._store, prefix))
        while True:
            with self._asking(prefix):
                page = next(pages, None)
            if page is None:
                return
            for meta in page:
                yield Listed(meta["path"], meta["size"], meta["last_modified"])

    def _is_fresh(self, key: str, size: int) -> bool:
        """Return whether an object of this size is there, written not long ago."""
        try:
            meta = obstore.head(self._store, key)
        except FileNotFoundError:
            return False
        return meta["size"] == size and utc_now() - meta["last_modified"] < _FRESH

    def _settle(self, key: str) -> None:
        if self._folder is not None:
            settle(self._folder, self._folder / key)

    @contextmanager
    def _asking(self, key: str) -> Iterator[None]:
        if not _NO_STEPS.isdisjoint(key.split("/")):
            raise ObjectMissing(key)
        try:
            yield
        except (FileNotFoundError, InvalidPathError, ValueError):
            raise ObjectMissing(key) from None
        except (BaseError, OSError) as error:
            # Without the chain: the library's own text may repeat what was signed.
            said = self._hide(_first_line(error))
            if says_full(said):
                raise ObjectsFull(f"in the object store for {key}") from None
            raise ObjectsUnavailable(f"the object store failed on {key}: {said}") from None


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__
