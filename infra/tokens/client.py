"""Asking an issuer: a token for a program, a log-in ticket for a person."""

from dataclasses import dataclass
from typing import Any

import httpx

from infra.tokens.keys import discovery, reached, read_json
from infra.tokens.refusals import IssuerUnavailable, TokenRequestRefused

_REFRESH_SECONDS = 60


@dataclass(frozen=True)
class Session:
    """What a redeemed ticket gives: a token for the page, and how long it lasts."""

    access_token: str
    expires_in: int
    """Seconds."""


def fetch_token(issuer_url: str, client_id: str, secret: str, audience: str, scope: str, address: str = "") -> str:
    """Return an access token for ``audience`` by the client credentials grant, from any OIDC issuer.

    It is asked at ``address``, if its own name for itself leads nowhere from here.

    Raises:
        TokenRequestRefused: if the issuer says no, and why.
        IssuerUnavailable: if it does not answer.
    """
    form = {"grant_type": "client_credentials", "audience": audience, "scope": scope}
    endpoint = reached(endpoint_of(issuer_url, "token_endpoint", address), issuer_url, address)
    return str(_post(issuer_url, endpoint, form, (client_id, secret))["access_token"])


def endpoint_of(issuer_url: str, name: str, address: str = "") -> str:
    """Return an endpoint as the issuer's discovery document, which is asked for at ``address`` if given, names it.

    Raises:
        IssuerUnavailable: if it does not answer, or names none.
    """
    try:
        with httpx.Client(timeout=5.0) as client:
            return str(read_json(client, reached(discovery(issuer_url), issuer_url, address))[name])
    except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError) as error:
        raise IssuerUnavailable(issuer_url, f"{type(error).__name__}: {error}") from None


def issue_ticket(issuer_url: str, client_id: str, secret: str, **guest: str) -> str:
    """Return a ticket that logs its bearer in to the page: once, soon. Only the built-in issuer has them.

    ``guest`` is the ``name`` and the ``role`` of whom it lets in: the owner, an admin, where nothing is said.

    Raises:
        TokenRequestRefused: if the issuer says no, and why.
        IssuerUnavailable: if it does not answer.
    """
    return str(_post(issuer_url, f"{issuer_url.rstrip('/')}/tickets", guest, (client_id, secret))["ticket"])


def redeem_ticket(issuer_url: str, ticket: str) -> Session:
    """Return the page's session for a ticket, which is spent by this.

    Raises:
        TokenRequestRefused: if the ticket is unknown, spent or too old.
        IssuerUnavailable: if the issuer does not answer.
    """
    answer = _post(issuer_url, f"{issuer_url.rstrip('/')}/tickets/redeem", {"ticket": ticket}, None)
    return Session(str(answer["access_token"]), int(answer["expires_in"]))


def _post(issuer_url: str, url: str, form: dict[str, str], auth: tuple[str, str] | None) -> dict[str, Any]:
    try:
        response = httpx.post(url, data=form, auth=auth, timeout=5.0)
        answer = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise IssuerUnavailable(issuer_url, f"{type(error).__name__}: {error}") from None
    if not isinstance(answer, dict):
        raise IssuerUnavailable(issuer_url, "it does not answer with a JSON object")
    if response.is_error:
        raise TokenRequestRefused(issuer_url, str(answer.get("error")), str(answer.get("error_description", "")))
    return answer
