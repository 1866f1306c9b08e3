"""Start the web page: ``python -m ui.web``."""

import sys

from contracts.errors import Misconfigured
from ui.web.app import main
from ui.web.settings import UiSettings

if __name__ == "__main__":
    try:
        main(UiSettings.read())
    except Misconfigured as error:
        sys.stderr.write(f"cannot start: {error}\n")
        sys.exit(78)
