"""The ``git`` command as a child: in one bare repository of its own, and shut off from what the machine configures."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from contracts.errors import Refusal, Unavailable
from services.ingest.domain.git_errors import (
    GitMissing,
    RepositoryForbidden,
    RepositoryMoved,
    RepositoryUnknown,
    RevisionUnknown,
)

_PATIENCE_SECONDS = 1800.0
"""What one command may take; a connection on which nothing moves ends sooner."""
_PIECE = 1024 * 1024
_CONFIGURED = {
    "protocol.allow": "never",
    "protocol.http.allow": "always",
    "protocol.https.allow": "always",
    "http.followRedirects": "false",
    "http.lowSpeedLimit": "1",
    "http.lowSpeedTime": "60",
    "credential.helper": "",
    "core.hooksPath": os.devnull,
    "fetch.recurseSubmodules": "false",
    "fetch.negotiationAlgorithm": "noop",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "advice.detachedHead": "false",
    "remote.origin.promisor": "true",
}
_FORBIDDEN = re.compile(r"could not read (Username|Password)|Authentication failed|returned error: 40[13]\b")
_MOVED = re.compile(r"unable to update url base from redirection|returned error: 30\d\b")
_UNKNOWN = re.compile(r"repository '.*' not found|returned error: 404\b|is this a git repository\?")
_NO_REVISION = re.compile(r"couldn't find remote ref|not our ref|no such remote ref|unadvertised object")


class RepositoryUnavailable(Unavailable):
    """A repository's server does not answer, or not in time."""


class Git:
    """One bare repository on this machine, that holds as little as can be of the one at an address."""

    def __init__(self, folder: Path, url: str, revision: str, authorization: str | None) -> None:
        """Make it in ``folder``, which is empty, to read ``revision``.

        ``authorization`` is the value of the header that proves who is asking; None if nothing does.

        Raises:
            GitMissing: if the command is not installed.
        """
        found = shutil.which("git")
        if found is None:
            raise GitMissing
        self._command = found
        self._folder = folder
        self._url = url
        self._revision = revision
        self._known = authorization is not None
        configured = {**_CONFIGURED, "remote.origin.url": url}
        if authorization is not None:
            configured[f"http.{url}.extraHeader"] = f"Authorization: {authorization}"
        self._environment = _environment(folder, Path(found).parent, configured)
        self.run("init", "--quiet", "--bare", "--template=", str(folder / "repository.git"))

    def run(self, *arguments: str, feed: bytes = b"") -> bytes:
        """Return what a command says.

        Raises:
            Refusal: if it fails for good.
            RepositoryUnavailable: if it may go well later.
        """
        with tempfile.TemporaryFile(dir=self._folder) as spool:
            spool.write(feed)
            spool.seek(0)
            return b"".join(self.stream(*arguments, feed=spool))

    def stream(self, *arguments: str, feed: "IO[bytes] | None" = None) -> Iterator[bytes]:
        """Yield what a command says, piece by piece; raises what ``run`` does, at the latest after the last."""
        with tempfile.TemporaryFile(dir=self._folder) as said, self._running(arguments, feed, said) as process:
            assert process.stdout is not None
            while piece := process.stdout.read(_PIECE):
                yield piece
            if process.wait() != 0:
                said.seek(0)
                raise self._failed(arguments, said.read().decode(errors="replace"))

    @contextmanager
    def _running(
        self, arguments: Sequence[str], feed: "IO[bytes] | None", said: "IO[bytes]"
    ) -> Iterator["subprocess.Popen[bytes]"]:
        where = ["-C", str(self._folder / "repository.git")] if arguments[0] != "init" else []
        process = subprocess.Popen(
            [self._command, *where, *arguments],
            stdin=subprocess.DEVNULL if feed is None else feed,
            stdout=subprocess.PIPE,
            stderr=said,
            env=self._environment,
            cwd=self._folder,
            # Its own children, which speak HTTP, have to end with it.
            start_new_session=True,
        )
        over = threading.Timer(_PATIENCE_SECONDS, _end, [process])
        over.start()
        try:
            yield process
        finally:
            over.cancel()
            _end(process)
            assert process.stdout is not None
            process.stdout.close()

    def _failed(self, arguments: Sequence[str], said: str) -> Refusal | RepositoryUnavailable:
        if _FORBIDDEN.search(said):
            return RepositoryForbidden(self._url, known=self._known)
        if _MOVED.search(said):
            return RepositoryMoved(self._url)
        if _UNKNOWN.search(said):
            return RepositoryUnknown(self._url)
        if _NO_REVISION.search(said):
            return RevisionUnknown(self._url, self._revision)
        told = [line for line in said.splitlines() if line.startswith(("fatal:", "error:"))]
        problem = told[-1].partition(":")[2].strip() if told else "it ended without a word"
        return RepositoryUnavailable(f"git {arguments[0]} failed on {self._url}: {problem}")


def _environment(folder: Path, binaries: Path, configured: Mapping[str, str]) -> dict[str, str]:
    """Return all that the command is told; a secret stands here, where only its own user can read it."""
    named = dict[str, str]()
    for number, (key, value) in enumerate(configured.items()):
        named |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    return {
        "PATH": f"{binaries}:/usr/bin:/bin",
        "HOME": str(folder),
        "LC_ALL": "C",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ASKPASS": "",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_CONFIG_COUNT": str(len(configured)),
        **named,
    }


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
