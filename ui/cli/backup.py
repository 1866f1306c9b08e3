"""`trackside backup` and `trackside restore`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.filesize import decimal

from infra.clock import utc_now
from infra.local.backup import Told, back_up
from infra.local.backup import restore as restore_home
from ui.cli.output import counted, terminal
from ui.cli.settings import current_home

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, such as trackside.tar.gz.")]


def backup(file: File) -> None:
    """Write all that the platform keeps to one file; it must not run. The file holds its keys: keep it closed."""
    with _shown("backing up") as told:
        made = back_up(current_home(), file.absolute(), utc_now, told)
    size = f"{decimal(made.bytes)} in {counted(made.files, 'file')}, {decimal(file.stat().st_size)} compressed"
    terminal().print(f"{file} holds the platform of {current_home().root}: {size}.", soft_wrap=True)


def restore(file: File) -> None:
    """Make the platform's folder from a backup; TRACKSIDE_HOME names one that is not there yet, or is empty."""
    with _shown("restoring") as told:
        made = restore_home(file.absolute(), current_home(), told)
    size = f"{decimal(made.bytes)} in {counted(made.files, 'file')}"
    terminal().print(f"{current_home().root} is as it was at {made.made_at}: {size}.", soft_wrap=True)
    terminal().print("Start it with: trackside up")


@contextmanager
def _shown(doing: str) -> Iterator[Told]:
    """Show how far it is, where somebody watches."""
    screen = terminal(stderr=True)
    with screen.status(doing) as line:
        yield lambda files, size: line.update(f"{doing}: {counted(files, 'file')}, {decimal(size)}")
