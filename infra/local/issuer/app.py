"""The issuer's routes: discovery, keys, tokens, tickets."""

import asyncio
import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, unquote

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from contracts.grants import ADMIT, ROLES
from infra.http.guard import bearer
from infra.http.needs import OPEN, SECRET, TICKET
from infra.http.policy import Policy, Rule
from infra.local.issuer.clients import PAGE, Client
from infra.local.issuer.settings import IssuerSettings
from infra.local.issuer.signing import ALGORITHM, Signer
from infra.local.issuer.tickets import Guest, Tickets
from infra.tokens import GrantMissing, TokenChecker, TokenRefused

_FORM = "application/x-www-form-urlencoded"
_FORM_LIMIT = 16 * 1024
OWNER = "owner"
"""Who opens the page by the link of the machine that runs the platform; an admin."""
_OWNERS_ROLE = "admin"
_LEAST_ROLE = next(iter(ROLES))
_NAME = re.compile(r"[A-Za-z0-9@._+-]{1,64}")
_GUEST = frozenset({"role", "name"})
_CREDENTIALS = frozenset({"client_id", "client_secret"})
_NAME_IN_WORDS = "1 to 64 letters, digits and @ . _ + -"
_UNKEPT = {"Cache-Control": "no-store"}


_CHALLENGES: Mapping[str, str] = MappingProxyType(
    {
        "invalid_token": 'Bearer realm="trackside", error="invalid_token"',
        "insufficient_scope": f'Bearer realm="trackside", error="insufficient_scope", scope="{ADMIT}"',
    }
)


class OAuthError(Exception):
    """A request that is refused in the words of RFC 6749."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        self.error = error
        self.description = description
        self.status = status
        super().__init__(f"{error}: {description}")


@dataclass(frozen=True)
class Issuer:
    """What the routes work with."""

    url: str
    settings: IssuerSettings
    clients: Mapping[str, Client]
    signer: Signer
    tickets: Tickets

    async def discovery(self, _request: Request) -> Response:
        """Say where everything is."""
        return JSONResponse(
            {
                "issuer": self.url,
                "jwks_uri": f"{self.url}/jwks",
                "token_endpoint": f"{self.url}/token",
                "grant_types_supported": ["client_credentials"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "response_types_supported": [],
                "subject_types_supported": ["public"],
                "scopes_supported": sorted({scope for client in self.clients.values() for scope in client.scopes}),
            }
        )

    async def keys(self, _request: Request) -> Response:
        """State the public key."""
        return JSONResponse(self.signer.public_keys())

    async def token(self, request: Request) -> Response:
        """Hand a client an access token (RFC 6749 4.4; the audience as in RFC 8707, or by the name ``audience``)."""
        form = await _form(request)
        client = self._client(request, form)
        if form.get("grant_type") != "client_credentials":
            raise OAuthError("unsupported_grant_type", "Only client_credentials is.")
        audience = form.get("audience") or form.get("resource") or client.audiences[0]
        if audience not in client.audiences:
            raise OAuthError("invalid_target", f"This client may ask for: {', '.join(client.audiences)}.")
        scopes = form.get("scope", "").split() or client.scopes_at(audience)
        if not set(scopes) <= set(client.scopes):
            raise OAuthError("invalid_scope", f"This client may have: {', '.join(client.scopes)}.")
        return self._granted(client.id, client.id, audience, self.settings.token_seconds, scope=" ".join(scopes))

    async def ticket(self, request: Request) -> Response:
        """Hand a ticket for the page to whoever may let people in: a client, or the bearer of a token that says so."""
        form = await _form(request)
        if (token := bearer(request.headers)) is not None:
            await asyncio.to_thread(self._check_may_admit, token)
            guest = _guest(form)
        elif self._client(request, form).tickets:
            # The client of the machine's own command line, which says nothing where it means its owner.
            guest = _guest(form) if form.keys() - _CREDENTIALS else Guest(OWNER, _OWNERS_ROLE)
        else:
            raise OAuthError("unauthorized_client", "This client may not let people in.", 403)
        seconds = self.settings.ticket_seconds
        return JSONResponse({"ticket": self.tickets.issue(guest), "expires_in": seconds}, headers=_UNKEPT)

    async def redeem(self, request: Request) -> Response:
        """Hand the page its token for a ticket, once."""
        guest = self.tickets.redeem((await _form(request)).get("ticket", ""))
        if guest is None:
            raise OAuthError("invalid_grant", "This log-in link is unknown, used or too old; get a new one.")
        return self._granted(guest.subject, PAGE, PAGE, self.settings.session_seconds, roles=[guest.role])

    def _check_may_admit(self, token: str) -> None:
        try:
            TokenChecker(self.url, PAGE, keys=self.signer).check(token).need(ADMIT)
        except GrantMissing as missing:
            raise OAuthError("insufficient_scope", f"{missing.cause} {missing.cure}", 403) from None
        except TokenRefused as refused:
            cure = f"Get one with: trackside token --scope {ADMIT}"
            raise OAuthError("invalid_token", f"{refused.cause} {cure}", 401) from None

    def _client(self, request: Request, form: Mapping[str, str]) -> Client:
        identity, secret = _credentials(request.headers.get("authorization"), form)
        client = self.clients.get(identity)
        if client is None or not client.has(secret):
            raise OAuthError("invalid_client", "Unknown client, or not its secret.", 401)
        return client

    def _granted(self, subject: str, client_id: str, audience: str, seconds: int, **allowed: object) -> Response:
        token = self.signer.access_token(subject, client_id, audience, seconds, **allowed)
        granted = {"access_token": token, "token_type": "Bearer", "expires_in": seconds, **allowed}
        return JSONResponse(granted, headers=_UNKEPT)


RULES = (
    Rule("GET", "/.well-known/openid-configuration", Issuer.discovery, OPEN),
    Rule("GET", "/jwks", Issuer.keys, OPEN),
    Rule("POST", "/token", Issuer.token, SECRET),
    Rule("POST", "/tickets", Issuer.ticket, ADMIT),
    Rule("POST", "/tickets/redeem", Issuer.redeem, TICKET),
)
"""The issuer's own handlers ask for what each needs; the secret of a client with ``tickets`` is as good as ADMIT."""


def application(issuer: Issuer) -> Starlette:
    """Return the issuer as an ASGI application."""
    return Starlette(routes=Policy(issuer, RULES).routes, exception_handlers={OAuthError: _refused})


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, OAuthError)
    challenge = _CHALLENGES.get(error.error, 'Basic realm="trackside"')
    headers = {**_UNKEPT, "WWW-Authenticate": challenge} if error.status in {401, 403} else _UNKEPT
    return JSONResponse({"error": error.error, "error_description": error.description}, error.status, headers=headers)


def _guest(form: Mapping[str, str]) -> Guest:
    """Return whom a ticket is for: whoever is not said to be more is a viewer, named after the role if not by name."""
    role = form.get("role", _LEAST_ROLE)
    name = form.get("name", role)
    if strange := form.keys() - _GUEST - _CREDENTIALS:
        raise OAuthError("invalid_request", f"A ticket has a role and a name, and no {', '.join(sorted(strange))}.")
    if role not in ROLES:
        raise OAuthError("invalid_request", f"There is no such role; there are: {', '.join(ROLES)}.")
    if not _NAME.fullmatch(name) or name == OWNER:
        raise OAuthError("invalid_request", f"A name is {_NAME_IN_WORDS}, and not {OWNER}.")
    return Guest(name, role)


async def _form(request: Request) -> dict[str, str]:
    media = request.headers.get("content-type", _FORM).partition(";")[0].strip().lower()
    if media != _FORM:
        raise OAuthError("invalid_request", f"The body is {media}; send it as {_FORM}.", 415)
    if request.url.query:
        raise OAuthError("invalid_request", "Parameters belong into the body, and not into the address.")
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > _FORM_LIMIT:
                raise OAuthError("invalid_request", "The form is too long.", 413)
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=20)
    except (ClientDisconnect, ValueError):
        raise OAuthError("invalid_request", "The body is not a form.") from None
    if len(dict(pairs)) != len(pairs):
        raise OAuthError("invalid_request", "A parameter stands twice.")
    return dict(pairs)


def _credentials(authorization: str | None, form: Mapping[str, str]) -> tuple[str, str]:
    scheme, _, encoded = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        identity, _, secret = base64.b64decode(encoded, validate=True).decode("ascii").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote(identity), unquote(secret)
