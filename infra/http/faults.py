"""Errors as every HTTP API of the platform writes them: a reason, a cause and a cure."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from infra.http.bodies import error_body


def fault(
    status: int,
    reason: str,
    cause: str,
    cure: str,
    headers: Mapping[str, str] | None = None,
    problems: Sequence[Any] = (),
) -> Response:
    """Return an error with its cause and its cure."""
    return JSONResponse(error_body(reason, cause, cure, problems), status, headers=headers)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer a path or a method that is not there."""
    assert isinstance(error, HTTPException)
    cause = f"{request.method} {request.url.path}: {error.detail}."
    return fault(error.status_code, "RouteUnknown", cause, "See /docs for what there is.", error.headers)
