"""Something that takes a while, for a person to wait for."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from ui.cli.output import terminal


@contextmanager
def waiting(doing: str) -> Iterator[None]:
    """Show what is waited for, and how long, while the block runs."""
    screen = terminal(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    # Where there is no terminal, it would leave blank lines.
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as progress:
        progress.add_task(escape(doing), total=None)
        yield
