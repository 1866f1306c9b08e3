"""One platform to a folder: the lock that a second start runs into."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from contracts.errors import TracksideError
from infra.local.layout import Home
from infra.local.platform import Platform, PlatformNotRunning


class AlreadyRunning(TracksideError):
    """The folder belongs to a platform that runs."""

    def __init__(self, home: Home, running: Platform | None) -> None:
        self.running = running
        where = f" (process {running.pid}, {running.ui_url})" if running else ""
        super().__init__(
            f"A platform is already running in {home.root}{where}. "
            "Use it, stop it with Ctrl-C where it was started, or name another folder in TRACKSIDE_HOME."
        )


@contextmanager
def locked(home: Home) -> Iterator[None]:
    """Hold ``home`` for this process; the kernel lets go of it when the process ends, however it ends.

    Raises:
        AlreadyRunning: if another process holds it.
    """
    descriptor = os.open(home.run / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(home, _running(home)) from None
        yield
    finally:
        os.close(descriptor)


def _running(home: Home) -> Platform | None:
    try:
        return Platform.find(home)
    except PlatformNotRunning:
        return None
