"""What the domain refuses, as it is written on the wire: the one place that knows its status codes."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from contracts.errors import Refusal
from infra.http.faults import fault
from services.serving.domain.errors import (
    BodyTooLarge,
    BodyUnreadable,
    Busy,
    DeploymentLoading,
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
    DeploymentLoading: 503,
    DeploymentNotLoaded: 503,
}


async def on_refusal(_request: Request, error: Exception) -> Response:
    """Answer what the domain refuses."""
    assert isinstance(error, Refusal)
    status = _STATUS[type(error)]
    headers = {"Retry-After": "1"} if status == 503 else None
    problems = error.problems if isinstance(error, RowsRefused) else ()
    return fault(status, error.reason, error.cause, error.cure, headers, problems)
