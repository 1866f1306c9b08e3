"""What lies in a repository at a revision: its commit, and its files, large ones by the pointers to them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from services.ingest.domain.lfs import POINTER_LIMIT, Pointer, pointer_in
from services.ingest.sources.git_command import Git

_FILES = frozenset({"100644", "100755"})
"""Modes of what is a file, and neither a link nor another repository."""
_AT_A_TIME = 256
"""Files that are fetched together: one by one, each would take a journey to the server."""
_QUIET = ("--quiet", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")


@dataclass(frozen=True)
class Commit:
    """What a revision is at the moment."""

    id: str
    at: str
    """When it was committed, as ISO 8601 writes it."""


@dataclass(frozen=True)
class Blob:
    """A file in a revision."""

    name: str
    """Its path from the root."""
    id: str
    """Git's own digest of it."""


class Tree:
    """The files of a revision, of which no more is fetched than what is asked for."""

    def __init__(self, git: Git, revision: str) -> None:
        """Fetch the revision's names, and what is small enough to be a pointer.

        Raises:
            Refusal: if there is no such repository or revision, or none for who asks.
            RepositoryUnavailable: if its server does not answer.
        """
        self._git = git
        self._absent: list[str] = []
        kept, small = f"+{revision}:refs/trackside/read", f"--filter=blob:limit={POINTER_LIMIT}"
        git.run("fetch", *_QUIET, "--depth=1", small, "--end-of-options", "origin", kept)
        said = git.run("show", "--no-patch", "--format=%H %cI", "refs/trackside/read^{commit}").decode()
        identity, at = said.split()
        # Versions of git write UTC in two ways.
        self.commit = Commit(identity, datetime.fromisoformat(at).isoformat())

    def blobs(self, path: str) -> list[Blob]:
        """Return the files at ``path`` and below it, by name; all if it is empty."""
        below = ("--", path) if path else ()
        entries = self._git.run("ls-tree", "-r", "-z", "--full-tree", self.commit.id, *below).split(b"\0")
        return sorted(filter(None, map(_blob, entries)), key=lambda blob: blob.name)

    def pointers(self, blobs: list[Blob]) -> dict[str, Pointer]:
        """Return the pointers among these files, by the blob's id; the files are those that will be read."""
        here = self._here()
        self._absent = list(dict.fromkeys(blob.id for blob in blobs if blob.id not in here))
        ids = sorted({blob.id for blob in blobs if blob.id in here})
        sizes = dict(_sizes(self._git.run("cat-file", "--batch-check", feed=_lines(ids))))
        small = [one for one in ids if sizes[one] < POINTER_LIMIT]
        said = self._git.run("cat-file", "--batch", feed=_lines(small))
        found, begin = dict[str, Pointer](), 0
        for one in small:
            begin = said.index(b"\n", begin) + 1
            pointer = pointer_in(said[begin : begin + sizes[one]])
            begin += sizes[one] + 1
            if pointer is not None:
                found[one] = pointer
        return found

    def stream(self, blob: Blob) -> Iterator[bytes]:
        """Yield a file's bytes; if they are not here, they are fetched, with those of the files behind it."""
        if blob.id in self._absent:
            begin = self._absent.index(blob.id)
            wanted = self._absent[begin : begin + _AT_A_TIME]
            self._git.run("fetch", *_QUIET, "--filter=blob:none", "--stdin", "origin", feed=_lines(wanted))
            del self._absent[begin : begin + _AT_A_TIME]
        yield from self._git.stream("cat-file", "blob", blob.id)

    def _here(self) -> set[str]:
        """Return the ids of what was fetched; asking for any other would fetch it."""
        said = self._git.run("rev-list", "--objects", "--no-object-names", "--missing=print", self.commit.id)
        return {line for line in said.decode().splitlines() if not line.startswith("?")}


def _blob(entry: bytes) -> Blob | None:
    told, _, name = entry.partition(b"\t")
    mode, _, identity = told.decode().partition(" ")
    return Blob(name.decode(errors="replace"), identity.rpartition(" ")[2]) if mode in _FILES else None


def _sizes(said: bytes) -> Iterator[tuple[str, int]]:
    for line in said.decode().splitlines():
        identity, _, size = line.split()
        yield identity, int(size)


def _lines(ids: list[str]) -> bytes:
    return "".join(f"{one}\n" for one in ids).encode()
