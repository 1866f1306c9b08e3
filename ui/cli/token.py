"""`trackside token`."""

import sys

from infra.local.issuer.clients import COMMAND_LINE, clients_of
from infra.local.layout import Home
from infra.local.platform import Platform
from ui.cli.settings import current_home

AUDIENCE = "trackside-serving"
_SCOPE = "predict"


def token() -> None:
    """Print an access token for the serving API, good for an hour; use it as: Authorization: Bearer TOKEN."""
    sys.stdout.write(token_of(Platform.find(current_home())) + "\n")


def token_of(platform: Platform) -> str:
    """Return an access token for the platform's serving API."""
    # Imported here because checking signatures is a library of its own, which `--help` need not pay for.
    from infra.tokens import fetch_token  # noqa: PLC0415

    client = clients_of(Home(platform.home).issuer)[COMMAND_LINE]
    return fetch_token(platform.issuer_url, client.id, client.secret, AUDIENCE, _SCOPE)
