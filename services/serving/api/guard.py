"""Every route asks for a token but those that are named open, so that a new route is closed until someone opens it."""

import asyncio
from collections.abc import Collection

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from infra.tokens import IssuerUnavailable, ScopeMissing, TokenChecker, TokenRefused
from services.serving.api.faults import fault

SCOPE = "predict"
_REALM = 'Bearer realm="trackside"'


class Guard:
    """ASGI middleware that lets in who holds a good token, and says on the scope who that is."""

    def __init__(self, app: ASGIApp, checker: TokenChecker, open_paths: Collection[str]) -> None:
        self._app = app
        self._checker = checker
        self._open_paths = frozenset(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer why not."""
        if scope["type"] == "http" and scope["path"] not in self._open_paths:
            try:
                caller = await asyncio.to_thread(self._checker.check, _bearer(Headers(scope=scope)), SCOPE)
            except (TokenRefused, IssuerUnavailable) as refused:
                await _refusal(refused)(scope, receive, send)
                return
            scope["caller"] = caller.subject
        await self._app(scope, receive, send)


def _bearer(headers: Headers) -> str | None:
    given = headers.getlist("authorization")
    scheme, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    return token.strip() if scheme.lower() == "bearer" else None


def _refusal(refused: TokenRefused | IssuerUnavailable) -> Response:
    cure = "Get a token with: trackside token"
    if isinstance(refused, IssuerUnavailable):
        return fault(503, "IssuerUnavailable", str(refused), "Try again in a moment.", {"Retry-After": "5"})
    if isinstance(refused, ScopeMissing):
        challenge = f'{_REALM}, error="insufficient_scope", scope="{refused.scope}"'
        return fault(403, refused.reason, refused.cause, cure, {"WWW-Authenticate": challenge})
    said = "" if refused.reason == "TokenMissing" else f', error="invalid_token", error_description="{refused.cause}"'
    return fault(401, refused.reason, refused.cause, cure, {"WWW-Authenticate": f"{_REALM}{said}"})
