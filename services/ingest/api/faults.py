"""What is refused, as it is written on the wire: the one place that knows its status codes."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from contracts.errors import Refusal
from infra.http.bodies import error_body
from infra.http.faults import fault
from infra.http.guard import refusal
from infra.logs import logger
from infra.tokens import Caller, GrantMissing
from services.ingest.api.lfs_batch import MEDIA
from services.ingest.api.refusals import (
    BodyStalled,
    CommandUnknown,
    EventMalformed,
    LfsMalformed,
    LfsObjectAbsent,
    LfsObjectUnlike,
    MediaTypeRefused,
    ParameterRefused,
    PassRefused,
    RangeRefused,
    StorageFull,
    TooFast,
    TooLarge,
    TooManyAtOnce,
)

log = logger(__name__)

LFS = "/lfs/"
"""What the paths of the Git LFS API begin with."""
_FORBIDDEN = 403

_STATUS: Mapping[type[Refusal], int] = {
    CommandUnknown: 400,
    EventMalformed: 400,
    ParameterRefused: 400,
    PassRefused: 403,
    LfsObjectAbsent: 404,
    BodyStalled: 408,
    TooLarge: 413,
    MediaTypeRefused: 415,
    RangeRefused: 416,
    LfsMalformed: 422,
    LfsObjectUnlike: 422,
    TooFast: 429,
    TooManyAtOnce: 429,
    StorageFull: 507,
}


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answer what is not obeyed."""
    assert isinstance(error, Refusal)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooFast | TooManyAtOnce) else None
    caller: Caller | None = request.scope.get("caller")
    log.warning("refused", client=caller and caller.subject, reason=error.reason, cause=error.cause)
    if request.url.path.startswith(LFS):
        return _told_to_git(_STATUS[type(error)], error.reason, error.cause, error.cure, headers)
    return fault(_STATUS[type(error)], error.reason, error.cause, error.cure, headers)


async def on_grant_missing(request: Request, error: Exception) -> Response:
    """Answer a token that does not allow what the event asks for."""
    assert isinstance(error, GrantMissing)
    log.warning("forbidden", client=request.scope["caller"].subject, grant=error.grant)
    if request.url.path.startswith(LFS):
        return _told_to_git(_FORBIDDEN, error.reason, error.cause, error.cure)
    return refusal(error)


async def on_unavailable(_request: Request, error: Exception) -> Response:
    """Answer that the bus or the object store is away."""
    return fault(503, type(error).__name__, f"{error}.", "Try again in a moment.", {"Retry-After": "2"})


async def on_misconfigured(request: Request, error: Exception) -> Response:
    """Answer that whoever runs the platform has something to mend, such as an archive that lost a part."""
    log.error("misconfigured", path=request.url.path, problem=str(error))
    return fault(500, type(error).__name__, str(error), "Tell whoever runs the platform: trackside doctor says more.")


async def on_disconnect(_request: Request, _error: Exception) -> Response:
    """End a request whose sender has gone; nobody reads the answer."""
    return Response(status_code=400)


def _told_to_git(status: int, reason: str, cause: str, cure: str, headers: Mapping[str, str] | None = None) -> Response:
    """Return an error that has besides what git-lfs shows to a person."""
    said = {**error_body(reason, cause, cure), "message": f"{cause} {cure}"}
    return JSONResponse(said, status, headers=headers, media_type=MEDIA)
