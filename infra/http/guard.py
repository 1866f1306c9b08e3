"""Every route asks for a token but those that are named open, so that a new route is closed until someone opens it."""

import asyncio
from collections.abc import Callable, Collection

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from infra.http.faults import fault
from infra.http.settings import EdgeSettings
from infra.tokens import IssuerKeys, IssuerUnavailable, ScopeMissing, TokenChecker, TokenRefused

_REALM = 'Bearer realm="trackside"'


class Guard:
    """ASGI middleware that lets in who holds a good token, and says on the scope who that is."""

    def __init__(
        self,
        app: ASGIApp,
        checker: TokenChecker,
        open_paths: Collection[str],
        scope_of: Callable[[str], str | None],
    ) -> None:
        """``scope_of`` tells by its path what a request needs; None is for what only its body tells."""
        self._app = app
        self._checker = checker
        self._open_paths = frozenset(open_paths)
        self._scope_of = scope_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer why not."""
        if scope["type"] == "http" and scope["path"] not in self._open_paths:
            needed, token = self._scope_of(scope["path"]), bearer(Headers(scope=scope))
            try:
                scope["caller"] = await asyncio.to_thread(self._checker.check, token, needed)
            except (TokenRefused, IssuerUnavailable) as refused:
                await refusal(refused)(scope, receive, send)
                return
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
    )


def bearer(headers: Headers) -> str | None:
    """Return the one bearer token that came, or None."""
    given = headers.getlist("authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" else None


def refusal(refused: TokenRefused | IssuerUnavailable) -> Response:
    """Return the answer to a token that does not open the door, in the words of RFC 6750."""
    if isinstance(refused, IssuerUnavailable):
        return fault(503, "IssuerUnavailable", str(refused), "Try again in a moment.", {"Retry-After": "5"})
    if isinstance(refused, ScopeMissing):
        challenge = f'{_REALM}, error="insufficient_scope", scope="{refused.scope}"'
        cure = f"Get one that has it with: trackside token --scope {refused.scope}"
        return fault(403, refused.reason, refused.cause, cure, {"WWW-Authenticate": challenge})
    said = "" if refused.reason == "TokenMissing" else f', error="invalid_token", error_description="{refused.cause}"'
    cure = "Get a token with: trackside token"
    return fault(401, refused.reason, refused.cause, cure, {"WWW-Authenticate": f"{_REALM}{said}"})
