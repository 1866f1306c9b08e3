"""Warm workers: a server that has paid the imports forks a child per client, ready in milliseconds.

``python -m infra.workers --socket PATH --preload MODULE`` is the server; ``WarmChild`` is one client's child. The child
dies when its client is gone or lets go of it, in the middle of a calculation too, and with the server. Linux only.
"""

import pickle
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from contracts.errors import TracksideError, Unavailable
from infra.workers.wire import Call, Died, Failed, Returned, receive, send

_BETWEEN_TRIES = 0.05


class WorkersUnavailable(Unavailable):
    """The fork server does not listen in time."""

    def __init__(self, path: Path, seconds: float) -> None:
        self.path = path
        super().__init__(f"no fork server listens on {path} after {seconds:g} s")


class WorkerDied(TracksideError):
    """The child ended in the middle of a call."""

    def __init__(self, signal: int | None = None, *, out_of_memory: bool = False) -> None:
        self.signal = signal
        """The signal that ended it, if that is known."""
        self.out_of_memory = out_of_memory
        """Whether the kernel ended it for want of memory."""
        cause = "for want of memory" if out_of_memory else f"by signal {signal}" if signal else "for an unknown reason"
        super().__init__(f"the worker process was ended {cause}")


class WorkerLost(WorkerDied):
    """The child's server is gone, and the child with it: that says nothing of what the child was doing."""

    def __init__(self) -> None:
        super().__init__()


class CallFailed(TracksideError):
    """The called function raised; the error's name and words are its own."""

    def __init__(self, error: str, words: str, trace: str) -> None:
        self.error = error
        self.words = words
        self.trace = trace
        super().__init__(f"{error}: {words}")


class WarmChild:
    """One forked child; what its modules remember lasts until it dies. One call at a time; ``kill`` from any thread."""

    def __init__(self, path: Path, patience: float = 120.0) -> None:
        """Take the server's socket and how long to wait for it to listen; the first call forks."""
        self._path = path
        self._patience = patience
        self._connection: socket.socket | None = None
        self._guard = threading.Lock()

    def call(self, function: str, *args: Any) -> Any:
        """Return what ``function``, a dotted name, returns in the child; arguments and answer are of plain types.

        Raises:
            CallFailed: if the function raised.
            WorkerDied: if the child ended; the next call forks another.
            WorkerLost: if it ended together with its server, or was let go of.
            WorkersUnavailable: if the server does not listen.
        """
        connection = self._connected()
        try:
            send(connection, Call(function, args))
            answer = receive(connection)
        except (OSError, EOFError, pickle.UnpicklingError):
            self.kill()
            raise WorkerLost from None
        match answer:
            case Returned(value):
                return value
            case Failed(error, words, trace):
                raise CallFailed(error, words, trace)
            case Died(signal, out_of_memory):
                self.kill()
                raise WorkerDied(signal, out_of_memory=out_of_memory)
        raise AssertionError(answer)

    def kill(self) -> None:
        """End the child at once; a call in progress raises WorkerDied, the next one forks anew."""
        with self._guard:
            connection, self._connection = self._connection, None
        if connection is not None:
            # Shut down first: it wakes a thread that waits in recv, which closing alone does not.
            _quietly(lambda: connection.shutdown(socket.SHUT_RDWR))
            connection.close()

    def _connected(self) -> socket.socket:
        with self._guard:
            connection = self._connection
        if connection is None:
            # Not under the guard: to wait for the server must not keep ``kill`` waiting.
            connection = self._connect()
            with self._guard:
                self._connection = connection
        return connection

    def _connect(self) -> socket.socket:
        deadline = monotonic() + self._patience
        while True:
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.connect(str(self._path))
            except (FileNotFoundError, ConnectionRefusedError):
                connection.close()
                if monotonic() > deadline:
                    raise WorkersUnavailable(self._path, self._patience) from None
                sleep(_BETWEEN_TRIES)
            else:
                return connection


def _quietly(action: Callable[[], None]) -> None:
    try:
        action()
    except OSError:
        return
