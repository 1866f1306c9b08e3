"""Errors as they are written on the wire: the one place that knows status codes."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from contracts.errors import Refusal
from services.serving.domain.errors import (
    BodyTooLarge,
    BodyUnreadable,
    Busy,
    DeploymentNotLoaded,
    DeploymentUnknown,
    RowsRefused,
    RowsUnanswered,
)

_STATUS: Mapping[type[Refusal], int] = {
    BodyUnreadable: 400,
    DeploymentUnknown: 404,
    BodyTooLarge: 413,
    RowsRefused: 422,
    RowsUnanswered: 422,
    Busy: 503,
    DeploymentNotLoaded: 503,
}


def fault(
    status: int,
    reason: str,
    cause: str,
    cure: str,
    headers: Mapping[str, str] | None = None,
    problems: Sequence[Any] = (),
) -> Response:
    """Return an error with its cause and its cure."""
    said: dict[str, Any] = {"reason": reason, "cause": cause, "cure": cure}
    if problems:
        said["problems"] = list(problems)
    return JSONResponse({"error": said}, status, headers=headers)


async def on_refusal(_request: Request, error: Exception) -> Response:
    """Answer what the domain refuses."""
    assert isinstance(error, Refusal)
    status = _STATUS[type(error)]
    headers = {"Retry-After": "1"} if status == 503 else None
    problems = error.problems if isinstance(error, RowsRefused) else ()
    return fault(status, error.reason, error.cause, error.cure, headers, problems)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer a path or a method that is not there."""
    assert isinstance(error, HTTPException)
    cause = f"{request.method} {request.url.path}: {error.detail}."
    return fault(error.status_code, "RouteUnknown", cause, "See /docs for what there is.", error.headers)
