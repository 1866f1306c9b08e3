"""What a forked child does: calls what it is told to, until its client is gone."""

import os
import socket
import sys
import traceback
from importlib import import_module
from pathlib import Path

from infra.workers.wire import Call, Failed, Returned, receive, send


def serve(connection: socket.socket, log: Path) -> None:
    """Answer calls, one after the other; what libraries print goes to ``log``."""
    with log.open("ab") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    while True:
        try:
            call = receive(connection)
        except (EOFError, OSError):
            return
        send(connection, _answer(call))


def _answer(call: Call) -> Returned | Failed:
    module, _, name = call.function.rpartition(".")
    try:
        return Returned(getattr(import_module(module), name)(*call.args))
    except Exception as error:  # noqa: BLE001 - whatever the function raises is the answer
        return Failed(type(error).__name__, str(error), traceback.format_exc())
