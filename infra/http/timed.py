"""Every request is timed, by its route and by how it was answered."""

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from infra.metrics import HTTP_DURATION, request_labels
from infra.telemetry import Telemetry

_FAILED = 500


class Timed:
    """ASGI middleware that times requests; it belongs around all others."""

    def __init__(self, app: ASGIApp, telemetry: Telemetry) -> None:
        self._app = app
        self._telemetry = telemetry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how long it took."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = perf_counter(), _FAILED

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._telemetry.time(
                HTTP_DURATION, perf_counter() - began, request_labels(scope["method"], _route(scope), status)
            )


def _route(scope: Scope) -> str:
    """Return the pattern that the path met, and not the path, which may be anything; empty if it met none."""
    if "endpoint" not in scope:
        return ""
    path: str = scope["path"]
    for name, value in scope.get("path_params", {}).items():
        path = path.replace(f"/{value}", f"/{{{name}}}", 1)
    return path
