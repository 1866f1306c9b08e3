import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from contracts.asked import AskedRows
from contracts.ids import DeploymentId
from contracts.message import Message
from contracts.serving import DeploymentReady, PredictionsLogged
from infra.bus import BusUnavailable
from infra.objects.store import open_objects
from infra.telemetry import Telemetry
from infra.tokens import IssuerUnavailable, TokenChecker
from infra.tokens.keys import PublicKey
from services.serving.api.routes import Api, application
from services.serving.domain.errors import RowsUnanswered
from services.serving.endpoints import LiveEndpoints
from services.serving.journal import Journal
from services.serving.keeper import Keeper
from services.serving.settings import ServingSettings
from tests.builders.bus import MemoryBus
from tests.builders.served import FEATURES, ROW, Echo, a_served_version
from tests.builders.tokens import AUDIENCE, ISSUER, NOW, KnownKeys, rsa_key, signed

KEY = rsa_key()
SETTINGS = ServingSettings(max_body_bytes=100_000, max_waiting=2)


class AwayKeys:
    """An issuer that does not answer."""

    def key(self, kid: str) -> PublicKey:
        raise IssuerUnavailable(ISSUER, "no answer")


class AwayBus(MemoryBus):
    """A bus that takes nothing."""

    async def publish(self, message: Message) -> None:
        raise BusUnavailable("away")


class Server:
    """The API over endpoints in memory, asked by HTTP."""

    def __init__(self, keys: KnownKeys | AwayKeys | None = None, bus: MemoryBus | None = None) -> None:
        self.bus = bus or MemoryBus()
        self.objects = open_objects("memory://")
        self.journal = Journal(self.bus, Keeper(self.objects), most=3)
        self.endpoints = LiveEndpoints()
        self.endpoints.restored = True
        api = Api(self.endpoints, self.journal, Telemetry("test"), lambda: NOW, SETTINGS)
        checker = TokenChecker(ISSUER, AUDIENCE, clock=lambda: NOW, keys=keys or KnownKeys(KEY))
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(application(api, checker)), base_url="http://serving"
        )

    def deploy(self, name: str = "penguins", model: Echo | None = None, **fields: Any) -> None:
        version = a_served_version(**fields)
        ready = DeploymentReady(
            deployment_id=DeploymentId("dep-1"),
            name=name,
            model_version_id=version.model_version_id,
            experiment_id=version.experiment_id,
            path=f"/deployments/{name}/predict",
            ready_at=NOW,
        )
        self.endpoints.bind(ready, version, model or Echo())

    async def get(self, path: str, token: str | None = None) -> httpx.Response:
        return await self.http.get(path, headers={"Authorization": f"Bearer {token or signed(KEY)}"})

    async def predict(self, body: Any, name: str = "penguins", **headers: str) -> httpx.Response:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        with_token = {"Authorization": f"Bearer {signed(KEY)}", **headers}
        return await self.http.post(f"/deployments/{name}/predict", content=content, headers=with_token)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    running = Server()
    running.deploy()
    async with running.http:
        yield running


def reason(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["reason"]


async def test_many_rows_are_answered_in_one_go(server: Server) -> None:
    answer = await server.predict({"rows": [dict(ROW), dict.fromkeys(ROW)]})
    assert answer.status_code == 200
    said = answer.json()
    assert said["model_version_id"] == "model-1"
    assert said["predictions"] == [{"prediction": "Adelie", "probabilities": {"Adelie": 1.0}}] * 2


async def test_one_row_may_come_alone(server: Server) -> None:
    assert len((await server.predict({"row": dict(ROW)})).json()["predictions"]) == 1


async def test_long_bodies_are_read_apart(server: Server) -> None:
    assert len((await server.predict({"rows": [dict(ROW)] * 300})).json()["predictions"]) == 300


@pytest.mark.parametrize("path", ["/deployments", "/deployments/penguins/schema", "/nowhere"])
async def test_nothing_is_said_without_a_token(server: Server, path: str) -> None:
    answer = await server.http.get(path)
    assert reason(answer) == (401, "TokenMissing")
    assert answer.headers["www-authenticate"] == 'Bearer realm="trackside"'


@pytest.mark.parametrize("path", ["/health", "/docs", "/openapi.json"])
async def test_what_holds_no_secret_is_open(server: Server, path: str) -> None:
    assert (await server.http.get(path)).status_code == 200


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"exp": 1}, "TokenExpired"),
        ({"aud": "trackside-ui"}, "WrongAudience"),
        ({"iss": "http://evil.example"}, "WrongIssuer"),
    ],
)
async def test_a_token_that_is_not_accepted_is_told_why(server: Server, changes: dict[str, Any], refused: str) -> None:
    answer = await server.get("/deployments", signed(KEY, **changes))
    assert reason(answer) == (401, refused)
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_a_good_token_without_the_scope_is_forbidden(server: Server) -> None:
    answer = await server.get("/deployments", signed(KEY, scope="hear"))
    assert reason(answer) == (403, "GrantMissing")
    assert 'scope="predict"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    "headers", [[("authorization", "Basic YTpi")], [("authorization", f"Bearer {signed(KEY)}")] * 2]
)
async def test_only_one_bearer_token_is_a_token(server: Server, headers: list[tuple[str, str]]) -> None:
    assert reason(await server.http.get("/deployments", headers=headers)) == (401, "TokenMissing")


async def test_an_issuer_that_is_away_is_no_fault_of_the_caller() -> None:
    async with Server(AwayKeys()).http as http:
        answer = await http.get("/deployments", headers={"Authorization": f"Bearer {signed(KEY)}"})
    assert reason(answer) == (503, "IssuerUnavailable")
    assert answer.headers["retry-after"] == "5"


async def test_deployments_are_listed(server: Server) -> None:
    server.deploy("birds")
    listed = (await server.get("/deployments")).json()["deployments"]
    assert [one["name"] for one in listed] == ["birds", "penguins"]
    assert listed[0]["path"] == "/deployments/birds/predict"


async def test_the_schema_says_what_a_model_takes(server: Server) -> None:
    schema = (await server.get("/deployments/penguins/schema")).json()
    assert schema["features"] == [{"name": column.name, "type": column.type} for column in FEATURES]
    assert (schema["target"], schema["classes"], schema["example"]) == ("species", ["Adelie", "Gentoo"], dict(ROW))


async def test_an_unknown_deployment_is_answered_with_those_there_are(server: Server) -> None:
    answer = await server.predict({"row": {}}, name="whales")
    assert reason(answer) == (404, "DeploymentUnknown")
    assert "penguins" in answer.json()["error"]["cure"]


async def test_rows_that_are_not_taken_are_listed(server: Server) -> None:
    answer = await server.predict({"rows": [{**ROW, "flipper": "long"}]})
    assert reason(answer) == (422, "RowsRefused")
    assert answer.json()["error"]["problems"] == [
        {"row": 0, "column": "flipper", "expected": "a whole number or null", "got": "string 'long'"}
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"3", b"\xff", b'{"rows": []}', b'{"rows": {}}', b'{"rows": [3]}', b'{"row": 3}', b"{}",
        b'{"rows": [{}], "row": {}}', b'{"row": {"flipper": NaN}}', b"[" * 50_000,
        b'{"row": {"flipper": ' + b"9" * 5000,
    ],
)  # fmt: skip
async def test_a_body_of_another_shape_is_refused(server: Server, body: bytes) -> None:
    assert reason(await server.predict(body)) == (400, "BodyUnreadable")


async def test_a_long_body_is_refused_by_what_it_states(server: Server) -> None:
    answer = await server.predict(b" " * 100_001)
    assert reason(answer) == (413, "BodyTooLarge")
    assert "SERVING_MAX_BODY_BYTES" in answer.json()["error"]["cure"]


async def test_a_long_body_is_refused_as_it_comes(server: Server) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b" " * 1000

    headers = {"Authorization": f"Bearer {signed(KEY)}"}
    answer = await server.http.post("/deployments/penguins/predict", content=pieces(), headers=headers)
    assert reason(answer) == (413, "BodyTooLarge")


async def test_a_model_that_fails_says_how(server: Server) -> None:
    server.deploy(model=Echo(failure=RowsUnanswered("ValueError: unknown island")))
    answer = await server.predict({"row": dict(ROW)})
    assert reason(answer) == (422, "RowsUnanswered")
    assert "unknown island" in answer.json()["error"]["cause"]


async def test_who_comes_when_too_many_wait_is_asked_to_come_again(server: Server) -> None:
    endpoint = server.endpoints.get("penguins")
    endpoint.waiting = 2
    assert reason(await server.predict({"row": dict(ROW)})) == (503, "Busy")
    endpoint.waiting = 1
    assert (await server.predict({"row": dict(ROW)})).status_code == 200


async def test_a_deployment_anew_answers_the_next_request(server: Server) -> None:
    server.deploy(model=Echo("Gentoo"), model_version_id="model-2")
    said = (await server.predict({"row": dict(ROW)})).json()
    assert (said["model_version_id"], said["predictions"][0]["prediction"]) == ("model-2", "Gentoo")


async def test_health_waits_for_what_was_deployed_before() -> None:
    server = Server()
    server.endpoints.restored = False
    async with server.http as http:
        assert (await http.get("/health")).status_code == 503
        server.endpoints.restored = True
        assert (await http.get("/health")).json() == {"ready": True, "problems": []}


async def test_after_a_restart_no_deployment_is_said_to_be_unknown_before_all_are_loaded() -> None:
    server = Server()
    server.endpoints.restored = False
    async with server.http:
        answer = await server.predict({"row": dict(ROW)})
        assert reason(answer) == (503, "DeploymentLoading")
        assert answer.headers["retry-after"] == "1"
        server.endpoints.restored = True
        assert reason(await server.predict({"row": dict(ROW)})) == (404, "DeploymentUnknown")


async def test_a_deployment_that_was_not_loaded_again_is_named_until_it_is_deployed_anew() -> None:
    server = Server()
    server.endpoints.give_up("penguins", "The artifact is gone.")
    async with server.http as http:
        health = await http.get("/health")
        assert (health.status_code, "gone" in health.text) == (503, True)
        assert reason(await server.predict({"row": dict(ROW)})) == (503, "DeploymentNotLoaded")
        server.deploy()
        assert (await http.get("/health")).status_code == 200


async def test_what_was_deployed_meanwhile_is_not_replaced_by_what_was_before(server: Server) -> None:
    endpoint = server.endpoints.get("penguins")
    server.endpoints.restore(endpoint.deployment, a_served_version(model_version_id="old"), Echo("old"))
    assert server.endpoints.get("penguins") is endpoint


async def test_a_path_or_method_that_is_not_there_is_said_so(server: Server) -> None:
    assert reason(await server.get("/nowhere")) == (404, "RouteUnknown")
    assert reason(await server.get("/deployments/penguins/predict")) == (405, "RouteUnknown")


async def test_answers_are_logged_with_their_caller_afterwards(server: Server) -> None:
    answer = await server.predict({"rows": [dict(ROW)] * 2})
    writing = asyncio.create_task(server.journal.run())
    await server.journal.drain(5)
    writing.cancel()
    (logged,) = [fact.message async for fact in server.bus.facts(stop_when_idle=True)]
    assert isinstance(logged, PredictionsLogged)
    assert (logged.prediction_id, logged.caller, logged.rows) == (answer.json()["prediction_id"], "ana", 2)


async def test_only_the_first_rows_of_a_request_are_kept_with_how_many_there_were(server: Server) -> None:
    await server.predict({"rows": [dict(ROW)] * 300})
    writing = asyncio.create_task(server.journal.run())
    await server.journal.drain(5)
    writing.cancel()
    (logged,) = [fact.message async for fact in server.bus.facts(stop_when_idle=True)]
    assert isinstance(logged, PredictionsLogged)
    assert logged.asked is not None
    kept = AskedRows.model_validate_json(server.objects.read(logged.asked))
    assert (kept.rows, kept.of) == ((dict(ROW),) * 100, 300)


async def test_a_bus_that_is_away_holds_no_answer_up() -> None:
    server = Server(bus=AwayBus())
    server.deploy()
    writing = asyncio.create_task(server.journal.run())
    async with server.http:
        for _ in range(6):
            assert (await server.predict({"row": dict(ROW)})).status_code == 200
    await server.journal.drain(0.01)
    writing.cancel()
    assert server.journal.dropped == 2
