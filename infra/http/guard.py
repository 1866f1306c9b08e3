"""Asks whoever comes for what the rule of their request needs; where no rule is, for a token, so that nothing shows."""

import asyncio
import base64
import binascii

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from infra.http.faults import fault
from infra.http.needs import OPEN, PASS
from infra.http.policy import Policy
from infra.http.settings import EdgeSettings
from infra.tokens import Caller, GrantMissing, IssuerKeys, IssuerUnavailable, TokenChecker, TokenRefused

_REALM = 'Bearer realm="trackside"'
_BASIC = 'Basic realm="trackside"'
_UNAUTHORIZED = 401


class Guard:
    """ASGI middleware that lets in who holds a good token, and says on the scope who that is."""

    def __init__(self, app: ASGIApp, checker: TokenChecker, policy: Policy) -> None:
        self._app = app
        self._checker = checker
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer why not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        rule = self._policy.rule_of(scope)
        if rule is None or rule.needs not in (OPEN, PASS):
            basic = rule is not None and rule.basic
            try:
                caller: Caller = await asyncio.to_thread(self._checker.check, _shown(Headers(scope=scope), basic=basic))
                if rule is not None and not rule.is_completed:
                    caller.need(rule.needs)
            except (TokenRefused, IssuerUnavailable) as refused:
                answer = refusal(refused, rule.needs if rule else "")
                if basic and answer.status_code == _UNAUTHORIZED:
                    # Git LFS asks for a password where it sees its own header, beside the one for everybody.
                    answer.headers["LFS-Authenticate"] = _BASIC
                await answer(scope, receive, send)
                return
            scope["caller"] = caller
        await self._app(scope, receive, send)


def checker_of(settings: EdgeSettings) -> TokenChecker:
    """Return what checks tokens as the settings say.

    Raises:
        Misconfigured: if an algorithm cannot be allowed.
    """
    return TokenChecker(
        settings.issuer_url,
        settings.token_audience,
        settings.token_algorithms,
        types=settings.token_types,
        keys=IssuerKeys(settings.issuer_url, address=settings.issuer_address),
        role_claim=settings.role_claim,
    )


def bearer(headers: Headers) -> str | None:
    """Return the one bearer token that came, or None."""
    given = headers.getlist("authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" else None


def _shown(headers: Headers, *, basic: bool) -> str | None:
    """Return the one token that came: as a bearer's, or as a password if ``basic``."""
    given = headers.getlist("authorization")
    scheme, _, credentials = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if not basic or scheme.lower() != "basic":
        return bearer(headers)
    try:
        return base64.b64decode(credentials, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return None


def refusal(refused: TokenRefused | IssuerUnavailable, needed: str = "") -> Response:
    """Return the answer to a token that does not open the door, in the words of RFC 6750; ``needed`` is the grant."""
    if isinstance(refused, IssuerUnavailable):
        return fault(503, "IssuerUnavailable", str(refused), "Try again in a moment.", {"Retry-After": "5"})
    if isinstance(refused, GrantMissing):
        challenge = f'{_REALM}, error="insufficient_scope", scope="{refused.grant}"'
        return fault(403, refused.reason, refused.cause, refused.cure, {"WWW-Authenticate": challenge})
    said = "" if refused.reason == "TokenMissing" else f', error="invalid_token", error_description="{refused.cause}"'
    cure = "Get a token with: trackside token" + (f" --scope {needed.format(command='COMMAND')}" if needed else "")
    return fault(401, refused.reason, refused.cause, cure, {"WWW-Authenticate": f"{_REALM}{said}"})
