"""The routes: what answers, what it takes, and what it says."""

import asyncio
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opentelemetry.trace import SpanKind
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from contracts.errors import Refusal
from contracts.grants import PREDICT
from contracts.ingest import LogicalType
from contracts.serving import PredictionsLogged
from infra.clock import Clock
from infra.http.faults import on_http_error
from infra.http.guard import Guard
from infra.http.needs import OPEN
from infra.http.policy import Policy, Rule
from infra.http.timed import Timed
from infra.telemetry import Telemetry
from infra.tokens import TokenChecker
from services.serving.api.body import read_body, rows_in
from services.serving.api.docs import PAGE
from services.serving.api.faults import on_refusal
from services.serving.api.openapi import DOCUMENT
from services.serving.domain.rows import Columns, checked
from services.serving.endpoints import Endpoint, LiveEndpoints
from services.serving.journal import Journal
from services.serving.keeper import Asked
from services.serving.ports import row_of
from services.serving.settings import ServingSettings


@dataclass(frozen=True)
class Api:
    """What the routes work with."""

    endpoints: LiveEndpoints
    journal: Journal
    telemetry: Telemetry
    clock: Clock
    settings: ServingSettings

    async def health(self, _request: Request) -> Response:
        """Say whether everything that was deployed answers."""
        problems = self.endpoints.problems()
        ready = self.endpoints.restored and not problems
        if not self.endpoints.restored:
            problems = ["What was deployed before is still being loaded.", *problems]
        return JSONResponse({"ready": ready, "problems": problems}, 200 if ready else 503)

    async def deployments(self, _request: Request) -> Response:
        """List what answers."""
        return JSONResponse({"deployments": [_described(endpoint) for endpoint in self.endpoints.all()]})

    async def schema(self, request: Request) -> Response:
        """Say what a deployment takes and gives."""
        endpoint = self.endpoints.get(request.path_params["name"])
        version = endpoint.version
        return JSONResponse(
            {
                **_described(endpoint),
                "task": version.task,
                "target": version.target,
                "features": [{"name": column.name, "type": column.type} for column in version.features],
                "classes": list(version.classes),
                "example": json.loads(version.example),
            }
        )

    async def predict(self, request: Request) -> Response:
        """Answer rows, and note afterwards that they were."""
        name = request.path_params["name"]
        with self.telemetry.span(
            "predict",
            parent=request.headers.get("traceparent"),
            kind=SpanKind.SERVER,
            attributes={"trackside.deployment": name},
        ) as span:
            start = time.perf_counter()
            endpoint = self.endpoints.get(name)
            asked, columns = await self._read(request, endpoint)
            answers = await endpoint.answer(columns, self.settings.max_waiting)
            span.set_attribute("trackside.rows", len(answers))
            logged = PredictionsLogged(
                name=name,
                prediction_id=str(uuid.uuid4()),
                model_version_id=endpoint.version.model_version_id,
                rows=len(answers),
                seconds=time.perf_counter() - start,
                caller=request.scope["caller"].subject,
                answered_at=self.clock(),
            )
            self.journal.note(logged, asked)
        return JSONResponse(
            {
                "prediction_id": logged.prediction_id,
                "model_version_id": logged.model_version_id,
                "predictions": [row_of(answer) for answer in answers],
            }
        )

    async def docs(self, _request: Request) -> Response:
        """Explain the API to a person."""
        return HTMLResponse(PAGE)

    async def openapi(self, _request: Request) -> Response:
        """Explain the API to a program."""
        return JSONResponse(DOCUMENT)

    async def _read(self, request: Request, endpoint: Endpoint) -> tuple[Asked, Columns]:
        """Return what is asked, as it was said and as the model takes it."""
        body = await read_body(request, self.settings.max_body_bytes)
        types = {column.name: column.type for column in endpoint.version.features}
        most = self.settings.keep_asked_rows
        if len(body) <= _SHORT:
            return _read(body, types, most)
        return await asyncio.to_thread(_read, body, types, most)


def _read(body: bytes, types: Mapping[str, LogicalType], most: int) -> tuple[Asked, Columns]:
    rows = rows_in(body)
    kept = rows[:most]
    return Asked(kept, len(rows), len(body) * len(kept) // len(rows)), checked(rows, types)


_SHORT = 16_384
"""Bytes of a body that are read faster than another thread is woken."""


RULES = (
    Rule("GET", "/health", Api.health, OPEN),
    Rule("GET", "/docs", Api.docs, OPEN),
    Rule("GET", "/openapi.json", Api.openapi, OPEN),
    Rule("GET", "/deployments", Api.deployments, PREDICT),
    Rule("GET", "/deployments/{name}/schema", Api.schema, PREDICT),
    Rule("POST", "/deployments/{name}/predict", Api.predict, PREDICT),
)


def application(api: Api, checker: TokenChecker) -> Starlette:
    """Return the API as an ASGI application, closed to who has no token."""
    policy = Policy(api, RULES)
    return Starlette(
        routes=policy.routes,
        middleware=[
            Middleware(Timed, telemetry=api.telemetry),
            Middleware(Guard, checker=checker, policy=policy),
        ],
        exception_handlers={Refusal: on_refusal, HTTPException: on_http_error},
    )


def _described(endpoint: Endpoint) -> dict[str, Any]:
    deployment, version = endpoint.deployment, endpoint.version
    return {
        "name": deployment.name,
        "model_version_id": deployment.model_version_id,
        "experiment_id": deployment.experiment_id,
        "path": deployment.path,
        "candidate": version.candidate.name,
        "ready_at": deployment.ready_at.isoformat(),
    }
