"""Ports for the embedded platform's servers: free ones, and the same again from one start to the next."""

import json
import secrets
import socket
from collections.abc import Sequence
from pathlib import Path

# Below the range from which the kernel takes ports for outgoing connections: none of those can take ours meanwhile.
_FIRST, _LAST = 20_000, 32_000


def settled(names: Sequence[str], remembered: Path) -> dict[str, int]:
    """Return a free port on loopback for each name: the one in the file ``remembered`` if it is free still.

    A server that is restarted comes back where its clients look for it, and a bookmark of the page stays good.
    """
    known: dict[str, int] = json.loads(remembered.read_text()) if remembered.exists() else {}
    ports: dict[str, int] = {}
    for name in names:
        port = known.get(name)
        ports[name] = port if port is not None and is_free(port) else _free(taken=set(ports.values()))
    remembered.write_text(json.dumps(ports))
    return ports


def _free(taken: set[int]) -> int:
    while True:
        port = _FIRST + secrets.randbelow(_LAST - _FIRST)
        if port not in taken and is_free(port):
            return port


def is_free(port: int) -> bool:
    """Return whether nothing holds a port on loopback."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
