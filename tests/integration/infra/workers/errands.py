"""What the children of these tests are sent to do."""

import os
import signal
import time
from pathlib import Path

_kept: list[int] = []


def pid() -> int:
    return os.getpid()


def keep(number: int) -> list[int]:
    _kept.append(number)
    return list(_kept)


def fail(words: str) -> None:
    raise LookupError(words)


def end_by(number: int) -> None:
    os.kill(os.getpid(), number)
    signal.pause()


def note_and_hang(path: str) -> None:
    """Write the process id where the test waits for it, then compute without end, and without a look at the socket."""
    partial = Path(f"{path}.partial")
    partial.write_text(str(os.getpid()))
    partial.rename(path)
    while True:
        time.sleep(3600)


def threads_allowed() -> dict[str, str]:
    variables = os.environ  # noqa: TID251 - the libraries' own
    return {name: value for name, value in variables.items() if name.endswith("_NUM_THREADS")}


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201
