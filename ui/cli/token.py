"""`trackside token`."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from infra.local.issuer.clients import AUDIENCE_OF, COMMAND_LINE, clients_of
from infra.local.layout import Home
from infra.local.platform import Platform
from ui.cli.settings import current_home

_PREDICT = ("predict",)


def token(
    scope: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SCOPE",
            help="What it allows: predict, or any of upload, hear, send and send:COMMAND at the event ingress.",
        ),
    ] = None,
) -> None:
    """Print an access token, good for an hour; use it as: Authorization: Bearer TOKEN."""
    asked = [word for given in scope or _PREDICT for word in given.replace(",", " ").split()]
    audience_of(asked)
    sys.stdout.write(token_of(Platform.find(current_home()), asked) + "\n")


def audience_of(scopes: Sequence[str]) -> str:
    """Return the API at which a token with these scopes is good.

    Raises:
        typer.BadParameter: if there is no such scope, or not one API for all.
    """
    if unknown := [scope for scope in scopes if scope not in AUDIENCE_OF]:
        raise typer.BadParameter(f"There is no scope {', '.join(unknown)}. There are: {', '.join(AUDIENCE_OF)}.")
    audiences = {AUDIENCE_OF[scope] for scope in scopes}
    if len(audiences) != 1:
        raise typer.BadParameter("A token is for one API: ask for predict by itself, and for the others together.")
    return audiences.pop()


def token_of(platform: Platform, scopes: Sequence[str] = _PREDICT) -> str:
    """Return an access token of the platform's issuer."""
    # Imported here because checking signatures is a library of its own, which `--help` need not pay for.
    from infra.tokens import fetch_token  # noqa: PLC0415

    client = clients_of(Home(platform.home).issuer)[COMMAND_LINE]
    return fetch_token(platform.issuer_url, client.id, client.secret, audience_of(scopes), " ".join(scopes))
