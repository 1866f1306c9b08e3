"""The files of a source on their way to this machine: several at a time, handed on in order."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from services.ingest.sources import File

AT_ONCE = 16
"""Files that are fetched at a time: the wait for one small file is long beside its bytes."""


@contextmanager
def fetched(files: Sequence[File], folder: Path) -> Iterator[Iterator[tuple[File, Path]]]:
    """Yield each file with its copy in ``folder``, in order; whoever takes it may remove the copy.

    When the block ends, nothing is on its way any more. What goes wrong with a file is raised when it is its turn:

    Raises:
        Refusal: if a file cannot be read.
        Unavailable: if the source does not answer.
    """
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch")
    try:
        yield _in_order(files, folder, pool)
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(files: Sequence[File], folder: Path, pool: ThreadPoolExecutor) -> Iterator[tuple[File, Path]]:
    waiting: deque[tuple[File, Future[Path]]] = deque()
    coming = iter(enumerate(files))
    while True:
        for number, file in islice(coming, 2 * AT_ONCE - len(waiting)):
            waiting.append((file, pool.submit(_copy, file, folder / f"{number}.fetched")))
        if not waiting:
            return
        file, copy = waiting.popleft()
        yield file, copy.result()


def _copy(file: File, path: Path) -> Path:
    with path.open("wb") as copy:
        copy.writelines(file.open())
    return path
