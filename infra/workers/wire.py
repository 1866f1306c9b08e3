"""What client, server and child say to each other: pickles with their length before them, over a private socket."""

import pickle
import socket
import struct
from dataclasses import dataclass
from typing import Any

_LENGTH = struct.Struct("!Q")


@dataclass(frozen=True)
class Call:
    """Call a function by its dotted name."""

    function: str
    args: tuple[Any, ...]


@dataclass(frozen=True)
class Returned:
    """It returned."""

    value: Any


@dataclass(frozen=True)
class Failed:
    """It raised."""

    error: str
    words: str
    trace: str


@dataclass(frozen=True)
class Died:
    """The server's obituary of the child, on the child's own socket."""

    signal: int | None
    out_of_memory: bool


def send(connection: socket.socket, message: Call | Returned | Failed | Died) -> None:
    """Write one message."""
    body = pickle.dumps(message)
    connection.sendall(_LENGTH.pack(len(body)) + body)


def receive(connection: socket.socket) -> Any:
    """Read one message; raise EOFError if the other side is gone."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    # The socket is ours alone (mode 0600) and both of its ends are this program.
    return pickle.loads(_exactly(connection, length))  # noqa: S301


def _exactly(connection: socket.socket, length: int) -> bytes:
    pieces: list[bytes] = []
    while length:
        piece = connection.recv(min(length, 1 << 20))
        if not piece:
            raise EOFError
        pieces.append(piece)
        length -= len(piece)
    return b"".join(pieces)
