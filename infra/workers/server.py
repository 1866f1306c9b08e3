"""The fork server: one thread that imports, listens, forks, and ends the child whose client is gone.

It holds each child's socket too: so it sees the client leave without asking a child that is deep in a calculation, and
can tell the client how the child ended.
"""

import ctypes
import gc
import os
import select
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from infra.workers.wire import Died, send

_GONE = select.POLLHUP | select.POLLRDHUP | select.POLLERR
_PR_SET_PDEATHSIG = 1
_KERNEL_COUNTS = Path("/proc/vmstat")


@dataclass(frozen=True)
class _Child:
    pid: int
    handle: int
    """A pidfd: readable once the child has ended."""
    connection: socket.socket
    out_of_memory_before: int


class ForkServer:
    """Forks a child per connection that ``serve`` answers for."""

    def __init__(self, path: Path, preload: Sequence[str], serve: Callable[[socket.socket], None]) -> None:
        """Import ``preload``, then listen on ``path``, for this user alone."""
        for module in preload:
            import_module(module)
        gc.collect()
        gc.freeze()
        self._serve = serve
        self._poll = select.poll()
        self._children: dict[int, _Child] = {}
        self._listener = _listening(path)
        self._poll.register(self._listener, select.POLLIN)

    def run(self) -> None:
        """Serve for ever."""
        while True:
            ready = {descriptor for descriptor, _events in self._poll.poll()}
            # Ends come first: an accepted connection may get the number of one that has just been closed.
            for child in {self._children[descriptor] for descriptor in ready & self._children.keys()}:
                self._end(child)
            if self._listener.fileno() in ready:
                self._fork(self._listener.accept()[0])

    def _fork(self, connection: socket.socket) -> None:
        before, server = _killed_for_memory(), os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_child(connection, server)
        handle = os.pidfd_open(pid)
        child = _Child(pid, handle, connection, before)
        self._children |= {handle: child, connection.fileno(): child}
        self._poll.register(handle, select.POLLIN)
        self._poll.register(connection, _GONE)

    def _become_child(self, connection: socket.socket, server: int) -> None:
        status = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
            # The server may have died before it could be tied to; then nobody is left to end this child.
            if os.getppid() == server:
                self._listener.close()
                for child in set(self._children.values()):
                    child.connection.close()
                    os.close(child.handle)
                self._serve(connection)
                status = 0
        finally:
            os._exit(status)

    def _end(self, child: _Child) -> None:
        """Reap a child that has ended or whose client has gone, and tell the client if it still listens."""
        signal.pidfd_send_signal(child.handle, signal.SIGKILL)
        _pid, status = os.waitpid(child.pid, 0)
        by_signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else None
        starved = by_signal == signal.SIGKILL and _killed_for_memory() > child.out_of_memory_before
        for descriptor in (child.handle, child.connection.fileno()):
            self._poll.unregister(descriptor)
            del self._children[descriptor]
        os.close(child.handle)
        with child.connection as connection:
            try:
                send(connection, Died(by_signal, out_of_memory=starved))
            except OSError:
                return


def _listening(path: Path) -> socket.socket:
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX)
    mask = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(mask)
    listener.listen()
    return listener


def _killed_for_memory() -> int:
    """Return how many processes the kernel has ended for want of memory since it started."""
    for line in _KERNEL_COUNTS.read_text().splitlines():
        name, _, count = line.partition(" ")
        if name == "oom_kill":
            return int(count)
    return 0
