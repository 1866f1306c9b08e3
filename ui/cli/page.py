"""`trackside page`."""

import sys
from typing import Annotated

import typer

from ui.cli.reach import Reach


def page(
    role: Annotated[
        str | None,
        typer.Option(metavar="ROLE", help="Whom it lets in: a viewer, an editor or an admin.", show_default=False),
    ] = None,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="Under which name; who is named and no more is a viewer.")
    ] = None,
) -> None:
    """Print a link that opens the page: once, soon; for its owner, an admin, or for a guest."""
    guest = {"role": role, "name": name}
    link = Reach.found().page_link(**{what: said for what, said in guest.items() if said is not None})
    sys.stdout.write(link + "\n")
