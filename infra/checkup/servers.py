"""The HTTP servers: page, serving API, event ingress, MLflow and issuer, each asked what it says of itself."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from infra.checkup import Finding, fail, ok, warn
from infra.clock import Clock
from infra.tokens.keys import discovery

ISSUER = "issuer"
_MOST_SKEW = 4.0
"""Seconds: of five, tokens are refused as not valid yet; the Date header has no fractions."""

_HEALTH = "/health"
"""Where each server but the issuer says how it is."""


@dataclass(frozen=True)
class ServerSeen:
    """What an HTTP server answered."""

    name: str
    url: str
    status: int | None = None
    """None if it did not answer."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """Its answer, if that is a JSON object."""
    skew: float = 0.0
    """Seconds that its clock is ahead of ours."""
    error: str = ""


async def look(urls: Mapping[str, str], seconds: float, clock: Clock) -> tuple[ServerSeen, ...]:
    """Ask each server, by name, at its address."""
    async with httpx.AsyncClient(timeout=seconds, trust_env=False) as client:
        return tuple(await asyncio.gather(*(_seen(client, *server, clock) for server in urls.items())))


def judge(seen: ServerSeen, issuer: str = "") -> list[Finding]:
    """Say whether a server does its work; ``issuer`` is the issuer's name, if it is asked at another address."""
    return [_issuer(seen, issuer or seen.url)] if seen.name == ISSUER else [_server(seen)]


async def _seen(client: httpx.AsyncClient, name: str, url: str, clock: Clock) -> ServerSeen:
    address = discovery(url) if name == ISSUER else f"{url.rstrip('/')}{_HEALTH}"
    try:
        response = await client.get(address)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return ServerSeen(name, url, error=str(error) or type(error).__name__)
    return ServerSeen(
        name, url, response.status_code, _object(response.text), _skew(response.headers.get("date"), clock)
    )


def _server(seen: ServerSeen) -> Finding:
    if seen.status is None:
        return _silent(seen)
    if seen.status != httpx.codes.OK or seen.said.get("ready") is False:
        problems = "; ".join(map(str, seen.said.get("problems", ()))) or f"It answers with {seen.status}."
        return fail(seen.name, f"{seen.url} is not ready: {problems}", "Wait if it starts; else its log says why.")
    if seen.said.get("live") is False:
        cure = "Look at nats-server and at the page's log; pages go on as soon as facts arrive."
        return fail(seen.name, f"{seen.url} shows an old state: no facts arrive there.", cure)
    return ok(seen.name, f"{seen.url} answers.")


def _issuer(seen: ServerSeen, name: str) -> Finding:
    if seen.status is None:
        return _silent(seen)
    stated = seen.said.get("issuer")
    if seen.status != httpx.codes.OK or "jwks_uri" not in seen.said:
        cause = f"{seen.url} has no discovery document (status {seen.status})."
        return fail(seen.name, cause, "Set the issuer's address to where /.well-known/openid-configuration lies.")
    if str(stated).rstrip("/") != name.rstrip("/"):
        cause = f"{name} calls itself {stated}, so that its tokens are refused."
        return fail(seen.name, cause, "Set the issuer's address, everywhere, to the name that it states.")
    if abs(seen.skew) > _MOST_SKEW:
        cause = f"The clock of {seen.url} is {abs(seen.skew):.0f} s {'ahead' if seen.skew > 0 else 'behind'}."
        return warn(
            seen.name, f"{cause} Tokens may be refused as not valid yet, or as expired.", "Set both clocks by NTP."
        )
    return ok(seen.name, f"{seen.url} answers, and its clock is ours.")


def _silent(seen: ServerSeen) -> Finding:
    return fail(seen.name, f"{seen.url} does not answer: {seen.error}.", "Start it, or read its log.")


def _object(text: str) -> dict[str, Any]:
    try:
        answer = json.loads(text)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _skew(date: str | None, clock: Clock) -> float:
    if date is None:
        return 0.0
    try:
        stated: datetime = parsedate_to_datetime(date)
    except ValueError:
        return 0.0
    return (stated.astimezone(UTC) - clock()).total_seconds()
