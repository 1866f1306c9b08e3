"""Errors as every HTTP API of the platform writes them: a reason, a cause and a cure."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


def fault(
    status: int,
    reason: str,
    cause: str,
    cure: str,
    headers: Mapping[str, str] | None = None,
    problems: Sequence[Any] = (),
) -> Response:
    """Return an error with its cause and its cure."""
    return JSONResponse(body_of(reason, cause, cure, problems), status, headers=headers)


def body_of(reason: str, cause: str, cure: str, problems: Sequence[Any] = ()) -> dict[str, Any]:
    """Return the body of such an error."""
    said: dict[str, Any] = {"reason": reason, "cause": cause, "cure": cure}
    if problems:
        said["problems"] = list(problems)
    return {"error": said}


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer a path or a method that is not there."""
    assert isinstance(error, HTTPException)
    cause = f"{request.method} {request.url.path}: {error.detail}."
    return fault(error.status_code, "RouteUnknown", cause, "See /docs for what there is.", error.headers)
