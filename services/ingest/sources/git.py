"""Files in a Git repository, large ones (LFS) with the bytes that their pointers stand for."""

import base64
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr

from services.ingest.domain.git_errors import PathNotInRevision
from services.ingest.domain.lfs import Pointer
from services.ingest.sources import Credentials, File, Files, Options
from services.ingest.sources.git_command import Git
from services.ingest.sources.git_tree import Blob, Tree
from services.ingest.sources.globs import glob, is_plain
from services.ingest.sources.lfs_server import LfsServer

_NO_REVISION = re.compile(r"\A[-+.^/]|\.\.|[\s\x00-\x20\x7f~^:?*\[\\]|@\{")


def _address(stated: str) -> str:
    """Return an address without its last slash; what is wrong with one is said without repeating it."""
    parts = urlsplit(stated)
    if parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00-\x20\x7f]", stated):
        raise ValueError("say an address that begins with https:// or http://")
    if "@" in parts.netloc:
        raise ValueError("no user and no password belongs into an address: store them as credentials")
    if parts.query or parts.fragment:
        raise ValueError("an address of a repository has no ? and no #")
    return stated.rstrip("/")


def _revision(stated: str) -> str:
    if not stated or _NO_REVISION.search(stated):
        raise ValueError("say a branch, a tag, or a commit by all its digits")
    return stated


def _place(stated: str) -> str:
    path = stated.strip("/")
    if path.startswith("-") or {".", ".."} & set(path.split("/")) or "\0" in path or "\\" in path:
        raise ValueError("say it from the root of the repository on, with / between folders, and without . and ..")
    return path


class GitOptions(Options):
    """What is read of which repository."""

    url: Annotated[str, AfterValidator(_address)] = Field(examples=["https://git.example.com/team/flights.git"])
    """Address of the repository, as git clone takes it: https:// or http://, without a password."""
    path: Annotated[str, AfterValidator(_place)] = Field(default="", examples=["data/flights.csv"])
    """A file, or a folder of files, from the root of the repository on; all of it if left out."""
    pattern: str | None = Field(default=None, examples=["**/*.parquet"])
    """Which files of a folder: * stands for any part of a name, ** for any folders; all that can be read if unset."""
    revision: Annotated[str, AfterValidator(_revision)] = Field(default="HEAD", examples=["main"])
    """A branch, a tag, or a commit by all its digits; the repository's own default branch if left out."""
    lfs_url: Annotated[str, AfterValidator(_address)] | None = Field(
        default=None, examples=["https://trackside.example.com/lfs/flights"]
    )
    """The repository's Git LFS server, if it is not where Git looks first: below the repository's address."""

    @property
    def where(self) -> str:
        """Return the place as a person would say it."""
        return f"{self.url} at {self.revision}: {'/'.join(filter(None, [self.path, self.pattern])) or '/'}"

    @property
    def lfs(self) -> str:
        """Return the address of the LFS server."""
        return self.lfs_url or f"{self.url.removesuffix('.git')}.git/info/lfs"


class GitCredentials(Credentials):
    """What proves who reads a repository."""

    user: str = Field(default="git", pattern=r"^[^:\s]+$")
    """The user's name; most servers look at the token only."""
    token: SecretStr
    """A token that may read the repository."""
    lfs_token: SecretStr | None = None
    """A token for the LFS server of the option ``lfs_url``; only one at the repository's own host gets ``token``."""


class GitSource:
    """Reads files of a repository at a revision."""

    kind: ClassVar[str] = "git"
    summary: ClassVar[str] = "Files in a Git repository at a branch, tag or commit, large ones (Git LFS) too."
    options: ClassVar[type[Options]] = GitOptions
    credentials: ClassVar[type[Credentials] | None] = GitCredentials

    def __init__(self, scratch: Path | None = None) -> None:
        """``scratch`` is a folder for what is fetched, the system's if None."""
        self._scratch = scratch

    @contextmanager
    def open(self, options: GitOptions, credentials: GitCredentials | None) -> Iterator[Files]:
        """Yield the files at the path, each known by Git's digest of it, or by the one in its pointer.

        Raises:
            Refusal: if there is no such repository, revision or path, or none for who asks.
            Unavailable: if its server does not answer.
        """
        with tempfile.TemporaryDirectory(prefix="trackside-git-", dir=self._scratch) as folder:
            tree = Tree(Git(Path(folder), options.url, options.revision, _proof(credentials)), options.revision)
            blobs = _chosen(tree.blobs(options.path), options)
            pointers = tree.pointers(blobs)
            proof, ahead = _lfs_proof(options, credentials), [pointers[one.id] for one in blobs if one.id in pointers]
            lineage = {"commit": tree.commit.id, "committed_at": tree.commit.at, "revision": options.revision}
            with closing(LfsServer(options.lfs, proof, ahead)) as server:
                yield Files([_file(blob, pointers.get(blob.id), tree, server) for blob in blobs], lineage)


def _chosen(blobs: Sequence[Blob], options: GitOptions) -> list[Blob]:
    if not blobs:
        raise PathNotInRevision(options.path or "/", options.revision)
    if [blob.name for blob in blobs] == [options.path]:
        return list(blobs)
    below = len(options.path) + 1 if options.path else 0
    matches = glob(options.pattern) if options.pattern else is_plain
    return [blob for blob in blobs if matches(blob.name[below:])]


def _file(blob: Blob, pointer: Pointer | None, tree: Tree, server: LfsServer) -> File:
    if pointer is None:
        return File(blob.name, None, f"blob:{blob.id}", partial(tree.stream, blob))
    opened: Callable[[], Iterator[bytes]] = partial(server.stream, blob.name, pointer)
    return File(blob.name, pointer.size, f"sha256:{pointer.oid}", opened)


def _proof(credentials: GitCredentials | None) -> str | None:
    return None if credentials is None else _basic(credentials.user, credentials.token)


def _lfs_proof(options: GitOptions, credentials: GitCredentials | None) -> str | None:
    if credentials is None:
        return None
    if options.lfs_url is not None and credentials.lfs_token is not None:
        return _basic(credentials.user, credentials.lfs_token)
    same = urlsplit(options.lfs)[:2] == urlsplit(options.url)[:2]
    return _basic(credentials.user, credentials.token) if same else None


def _basic(user: str, token: SecretStr) -> str:
    return "Basic " + base64.b64encode(f"{user}:{token.get_secret_value()}".encode()).decode()
