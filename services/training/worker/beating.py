"""A worker's sign of life while it has work in hand: said at once, then again and again, until the work is put down."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from contracts.message import Progress
from contracts.vigil import BEAT
from services.training.worker.ports import Announce


@contextmanager
def beating(announce: Announce, sign: Progress, seconds: float = BEAT) -> Iterator[None]:
    """Say ``sign`` at once and then every ``seconds`` while the block runs, and never after it."""
    over = Event()

    def beat() -> None:
        while not over.wait(seconds):
            announce(sign)

    announce(sign)
    thread = Thread(target=beat, name="beating", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
