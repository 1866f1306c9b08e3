"""A sign of life while there is work in hand: said at once, then again and again, until the work is put down."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

from contracts.message import Progress


@contextmanager
def beating(announce: Callable[[Progress], None], sign: Callable[[], Progress], seconds: float) -> Iterator[None]:
    """Say what ``sign`` returns, at once and then every ``seconds`` while the block runs, and never after it."""
    over = Event()

    def beat() -> None:
        while not over.wait(seconds):
            announce(sign())

    announce(sign())
    thread = Thread(target=beat, name="beating", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
