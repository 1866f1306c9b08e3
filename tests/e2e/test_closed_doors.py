"""Every HTTP route and websocket of a running platform, asked by everybody there is: exactly as docs/policy.md says.

That page is made from the routes; this test reads what it says and asks the platform whether it is so. What each key
may do on the bus is asked by tests/integration/infra/local/test_closed_bus.py. ``make closed-door`` runs both.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from contracts.grants import GRANTS
from contracts.identities import ORDERS
from docs.generator import ROOT
from infra.clock import utc_now
from infra.local.issuer.clients import COMMAND_LINE, EVENTS, PAGE, SERVING, clients_of
from infra.local.issuer.signing import Signer
from infra.local.platform import Platform
from tests.builders.platform import RunningPlatform
from ui.web.policy import RULES as PAGE_RULES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

ROLES = ("viewer", "editor", "admin")
AUDIENCES = {"Serving": SERVING, "Event ingress": EVENTS, "Page": PAGE, "Issuer": PAGE}
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
PARTS = {
    "{name}": "none",
    "{key}": "none",
    "{id:path}": "none",
    "{repository}": "none",
    "{oid}": "none",
    "(?:ready|health)": "ready",
}


@dataclass(frozen=True)
class Route:
    """One line of the policy."""

    place: str
    method: str
    path: str
    needs: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Asker:
    """Somebody with a token, or without."""

    name: str
    claims: Mapping[str, object] | None
    """What the token allows; None for who has none."""
    age: timedelta = timedelta(0)
    audience: str = ""
    """Another one than that of the place, if the token is for somewhere else."""

    def may(self, route: Route) -> bool:
        """Return what the policy says."""
        if route.needs == "nothing":
            return True
        if self.claims is None or self.age or self.audience:
            return False
        if self.name in ROLES:
            return self.name in route.roles
        return self.name in {route.needs, route.needs.partition(":")[0]}


ASKERS = (
    Asker("nobody", None),
    Asker("expired", {"roles": ["admin"]}, age=timedelta(days=1)),
    Asker("meant for elsewhere", {"roles": ["admin"]}, audience="trackside-elsewhere"),
    Asker("of no role", {"roles": ["king"]}),
    *(Asker(role, {"roles": [role]}) for role in ROLES),
    *(Asker(grant, {"scope": grant}) for grant in GRANTS),
)


def policy() -> list[Route]:
    """Return what docs/policy.md says of routes."""
    routes, place = [], ""
    for line in (ROOT / "docs/policy.md").read_text().splitlines():
        if line.startswith("## "):
            place = line.removeprefix("## ")
        if place in AUDIENCES and (cells := re.findall(r"(?:[^|\\]|\\.)+", line)) and "`" in cells[0]:
            route, needs, *held = (cell.strip().strip("`").replace("\\|", "|") for cell in cells)
            method, _, path = route.partition(" ")
            roles = frozenset(role for role, cell in zip(ROLES, held, strict=True) if cell)
            routes += [Route(place, method, path, one, roles) for one in _each_command(needs)]
    return routes


def _each_command(needs: str) -> list[str]:
    return [needs.replace("{command}", order.__name__) for order in ORDERS] if "{command}" in needs else [needs]


@dataclass(frozen=True)
class Doors:
    """The platform, as those who stand before it see it."""

    platform: Platform
    issuer_folder: Path

    def url(self, place: str) -> str:
        found = {
            "Serving": self.platform.serving_url,
            "Event ingress": self.platform.events_url,
            "Page": self.platform.ui_url,
            "Issuer": self.platform.issuer_url,
        }
        return found[place]

    def headers(self, asker: Asker, place: str) -> dict[str, str]:
        """Return what ``asker`` sends to be let in."""
        if asker.claims is None:
            return {}
        audience = asker.audience or AUDIENCES[place]
        signer = Signer.open(self.issuer_folder, self.platform.issuer_url, lambda: utc_now() - asker.age)
        token = signer.access_token("ann", "test", audience, 3600, **asker.claims)
        if place == "Page":
            port = self.platform.ui_url.rpartition(":")[2]
            return {"Cookie": f"trackside_{port}={token}"}
        return {"Authorization": f"Bearer {token}"}

    async def lets_in(self, http: httpx.AsyncClient, route: Route, asker: Asker) -> bool:
        """Ask as ``asker``, and return whether it was for this reason or another that nothing came of it."""
        headers = self.headers(asker, route.place)
        if route.method == "WEBSOCKET":
            return await self._connects(http, headers)
        answer = await self.asked(http, route, headers)
        if route.needs == "a ticket":
            return answer.is_success or answer.status_code == 302
        sent_to_log_in = urlsplit(answer.headers.get("location", "")).path.endswith("login")
        return answer.status_code not in {401, 403} and not sent_to_log_in

    async def asked(self, http: httpx.AsyncClient, route: Route, headers: dict[str, str]) -> httpx.Response:
        """Send a request that the route would take."""
        url, more = self.url(route.place), dict(headers)
        path = route.path
        for part, example in PARTS.items():
            path = path.replace(part, example)
        if route.place == "Page":
            more["Origin"] = url
            [path] = [rule.example for rule in PAGE_RULES if rule.path.rstrip("$?") == route.path.rstrip("$?")]
        command = route.needs.removeprefix("send:")
        if path.endswith("/answer"):
            path += f"?type={command}&key=none"
        more |= {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/test", "ce-type": command}
        content = b"{}" if path == "/events" else b""
        return await http.request(route.method, url + path, headers=more, content=content)

    async def _connects(self, http: httpx.AsyncClient, headers: dict[str, str]) -> bool:
        [admin] = [asker for asker in ASKERS if asker.name == "admin"]
        page = await http.get(self.url("Page"), headers=self.headers(admin, "Page"))
        token = re.search(r'"token":"([^"]+)"', page.text)
        assert token is not None
        address = self.url("Page").replace("http", "ws") + "/ws"
        request = HTTPRequest(address, headers={"Origin": self.url("Page"), **headers})
        try:
            (await websocket_connect(request, subprotocols=["bokeh", token[1]])).close()
        except HTTPClientError as error:
            return error.code != 403
        return True


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    running = RunningPlatform.start(tmp_path_factory.mktemp("doors") / "home")
    platform = running.ready("ingest", "serving", "ui", "issuer", "nats-server")

    yield Doors(platform, running.home.issuer)
    assert running.stop() == 0


async def test_every_route_lets_in_whom_the_policy_says_and_nobody_else(
    doors: Doors, capsys: pytest.CaptureFixture[str]
) -> None:
    routes = policy()
    assert len(routes) > len(AUDIENCES)
    wrong, counted = [], Counter[str]()
    async with httpx.AsyncClient(timeout=30.0) as http:
        for route in routes:
            for asker in ASKERS:
                let_in = await doors.lets_in(http, route, asker)
                counted["let in" if let_in else "kept out"] += 1
                if let_in != asker.may(route):
                    wrong.append(f"{asker.name} at {route.method} {route.path} ({route.needs}): let in is {let_in}")
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(routes)} routes of {len(AUDIENCES)} servers x {len(ASKERS)} callers: {counted['let in']} let in, "
            f"{counted['kept out']} kept out, {len(wrong)} against the policy\n"
        )
    assert wrong == [], "\n".join(wrong)


async def test_no_other_method_opens_a_closed_route(doors: Doors) -> None:
    routes = policy()
    known = {(route.place, route.path): set[str]() for route in routes}
    for route in routes:
        known[route.place, route.path].add(route.method)
    opened = []
    async with httpx.AsyncClient(timeout=30.0) as http:
        for route in routes:
            others = METHODS - known[route.place, route.path]
            for method in sorted(others) if route.method != "WEBSOCKET" else []:
                other = Route(route.place, method, route.path, route.needs, route.roles)
                answer = await doors.asked(http, other, {})
                if answer.status_code not in {401, 403, 404, 405}:
                    opened.append((method, route.path, answer.status_code))
    assert opened == []


@pytest.mark.parametrize("place", AUDIENCES)
async def test_a_route_that_is_not_there_is_found_by_nobody(doors: Doors, place: str) -> None:
    async with httpx.AsyncClient(timeout=30.0) as http:
        for asker in ASKERS:
            answer = await http.get(doors.url(place) + "/nowhere", headers=doors.headers(asker, place))
            assert answer.status_code in {401, 404}, asker.name


@pytest.mark.parametrize(("client", "allowed"), [(PAGE, {"predict"}), (COMMAND_LINE, set(GRANTS) - {"view"})])
def test_the_issuer_hands_a_client_what_it_is_for_and_nothing_else(
    doors: Doors, client: str, allowed: set[str]
) -> None:
    known = clients_of(doors.issuer_folder)[client]
    assert _handed_out(doors.platform.issuer_url, (known.id, known.secret)) == allowed


def _handed_out(issuer_url: str, credentials: tuple[str, str]) -> set[str]:
    """Return the grants for which the issuer hands out a token."""
    return {
        scope
        for scope in GRANTS
        for audience in set(AUDIENCES.values())
        if httpx.post(
            f"{issuer_url}/token",
            data={"grant_type": "client_credentials", "scope": scope, "audience": audience},
            auth=credentials,
        ).is_success
    }
