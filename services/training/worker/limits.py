"""What a fit may take: kept by the child itself, so that nobody has to watch it."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OUT_OF_TIME = signal.SIGALRM
"""The signal that ends a child whose time is over, in the middle of any library's code."""

_SIZES = Path("/proc/self/statm")
_DATA = 5
"""Which of the sizes is that of data and stack, in pages."""


@contextmanager
def limited(seconds: float | None, megabytes: int | None) -> Iterator[None]:
    """End this process if the block takes longer than ``seconds``; let it take ``megabytes`` of 10^6 bytes more memory.

    Beyond that, taking memory fails: with a MemoryError in Python, and with what a library makes of it elsewhere.
    """
    allowed, most = resource.getrlimit(resource.RLIMIT_DATA)
    if megabytes is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (_bytes_of_data() + megabytes * 10**6, most))
    if seconds is not None:
        signal.signal(OUT_OF_TIME, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (allowed, most))


def _bytes_of_data() -> int:
    return int(_SIZES.read_text().split()[_DATA]) * resource.getpagesize()
