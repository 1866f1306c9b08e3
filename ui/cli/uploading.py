"""A file on its way into the object store, for a person to watch."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from ui.cli.output import terminal

_PIECE = 1024 * 1024


@contextmanager
def in_pieces(source: Path) -> Iterator[Iterator[bytes]]:
    """Yield the bytes of a file piece by piece, while a bar shows how many have gone."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    screen = terminal(stderr=True)
    # Where there is no terminal, it would leave blank lines.
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        task = progress.add_task(f"uploading {source.name}", total=source.stat().st_size)
        yield _pieces(source, lambda size: progress.advance(task, size))


def _pieces(source: Path, advance: Callable[[int], None]) -> Iterator[bytes]:
    with source.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
            advance(len(piece))
