"""`trackside token`."""

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from infra.local.issuer.clients import AUDIENCE_OF
from ui.cli.reach import Reach

_PREDICT = ("predict",)


def token(
    scope: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SCOPE",
            help="What it allows: predict; any of upload, hear, send and send:COMMAND at the event ingress; or admit.",
        ),
    ] = None,
) -> None:
    """Print an access token, good for an hour; use it as: Authorization: Bearer TOKEN."""
    asked = [word for given in scope or _PREDICT for word in given.replace(",", " ").split()]
    audience_of(asked)
    sys.stdout.write(token_of(Reach.found(), asked) + "\n")


def audience_of(scopes: Sequence[str]) -> str:
    """Return the API at which a token with these scopes is good.

    Raises:
        typer.BadParameter: if there is no such scope, or not one API for all.
    """
    if unknown := [scope for scope in scopes if scope not in AUDIENCE_OF]:
        raise typer.BadParameter(f"There is no scope {', '.join(unknown)}. There are: {', '.join(AUDIENCE_OF)}.")
    if not scopes:
        raise typer.BadParameter(f"Name a scope. There are: {', '.join(AUDIENCE_OF)}.")
    audiences = {AUDIENCE_OF[scope] for scope in scopes}
    if len(audiences) != 1:
        apart = "; ".join(
            ", ".join(scope for scope in scopes if AUDIENCE_OF[scope] == one) for one in sorted(audiences)
        )
        raise typer.BadParameter(f"A token is for one API. Ask for one token each: {apart}.")
    return audiences.pop()


def token_of(reach: Reach, scopes: Sequence[str] = _PREDICT) -> str:
    """Return an access token of the platform's issuer."""
    return reach.token(audience_of(scopes), scopes)
