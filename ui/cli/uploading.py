"""Files on their way into the object store, for a person to watch."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from infra.objects import Objects
from ui.cli.gathering import Gathered
from ui.cli.output import terminal

_PIECE = 1024 * 1024
_AT_ONCE = 16
"""Files that are sent at a time: the wait for one small file is long beside its bytes."""


@contextmanager
def in_pieces(source: Path) -> Iterator[Iterator[bytes]]:
    """Yield the bytes of a file piece by piece, while a bar shows how many have gone."""
    with _watched(source.name, source.stat().st_size) as advance:
        yield _pieces(source, advance)


def send(gathered: Gathered, objects: Objects, prefix: str) -> None:
    """Store each file under ``prefix`` and its name, several at a time, while a bar shows how much has gone."""
    size = sum(path.stat().st_size for path in gathered.files.values())
    with _watched(gathered.title, size) as advance, ThreadPoolExecutor(_AT_ONCE) as pool:
        sent = [
            pool.submit(objects.create, prefix + name, _pieces(path, advance)) for name, path in gathered.files.items()
        ]
        try:
            for each in sent:
                each.result()
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _watched(title: str, size: int) -> Iterator[Callable[[int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    screen = terminal(stderr=True)
    # Where there is no terminal, it would leave blank lines.
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        task = progress.add_task(f"uploading {title}", total=size)
        yield lambda sent: progress.advance(task, sent)


def _pieces(source: Path, advance: Callable[[int], None]) -> Iterator[bytes]:
    with source.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
            advance(len(piece))
