"""`trackside page`."""

import sys

from ui.cli.reach import Reach


def page() -> None:
    """Print a link that opens the page: once, within a minute."""
    sys.stdout.write(Reach.found().page_link() + "\n")
