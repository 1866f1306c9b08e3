import asyncio
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.routing import Route

from contracts.identities import ORDERS
from contracts.ids import derived
from contracts.ingest import DatasetRejected, RegisterDataset
from infra.bus import Delivered
from infra.history import HistoryMissing
from infra.http.needs import OPEN
from services.ingest.api.lfs import RULES as LFS
from services.ingest.api.routes import RULES
from tests.builders.ingress import ALL, AUDIENCE, BODY, HEADERS, Server, token
from tests.builders.tokens import rsa_key, signed

OPEN_PATHS = [rule.path for rule in RULES if rule.needs == OPEN]
REJECTED = DatasetRejected(ingestion_id="ing-1", name="penguins", reason="EmptyFile", cause="Empty.", cure="Fill it.")  # type: ignore[arg-type]

NEEDS = {
    ("POST", "/events"): "send:RegisterDataset",
    ("GET", "/events/id-1/answer?type=RegisterDataset&key=ing-1"): "send:RegisterDataset",
    ("GET", "/facts/ing-1"): "hear",
    ("POST", "/uploads"): "upload",
}
"""What each closed route asks for: the whole policy of this API."""


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    running = Server()
    async with running.http:
        yield running


def reason(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["reason"]


def test_every_route_is_open_by_name_or_stands_in_the_policy(server: Server) -> None:
    closed = {path.partition("?")[0] for _, path in NEEDS}
    routes = [route for route in server.app.routes if isinstance(route, Route)]
    found = {path for path in closed if any(route.path_regex.match(path) for route in routes)}
    assert (found, len(routes)) == (closed, len(closed) + len(OPEN_PATHS) + len(LFS))


@pytest.mark.parametrize(("method", "path"), NEEDS)
@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ([], "TokenMissing"),
        ([("authorization", "Basic YTpi")], "TokenMissing"),
        ([("authorization", f"Bearer {token()}")] * 2, "TokenMissing"),
        ([("authorization", "Bearer nonsense")], "TokenMalformed"),
        ([("authorization", f"Bearer {token(exp=1)}")], "TokenExpired"),
        ([("authorization", f"Bearer {token(aud='trackside-serving')}")], "WrongAudience"),
        ([("authorization", f"Bearer {token(iss='http://evil.example')}")], "WrongIssuer"),
        ([("authorization", f"Bearer {signed(rsa_key(), aud=AUDIENCE, scope=ALL)}")], "SignatureWrong"),
    ],
    ids=["none", "basic", "two", "nonsense", "expired", "audience", "issuer", "signature"],
)
async def test_nothing_is_done_without_a_good_token(
    server: Server, method: str, path: str, headers: list[tuple[str, str]], refused: str
) -> None:
    answer = await server.http.request(method, path, headers=[*headers, *HEADERS.items()], content=json.dumps(BODY))
    assert reason(answer) == (401, refused)
    assert answer.headers["www-authenticate"].startswith('Bearer realm="trackside"')
    stem = NEEDS[method, path].partition(":")[0]
    assert f"trackside token --scope {stem}" in answer.json()["error"]["cure"]
    assert (server.bus.sent, server.objects.keys("uploads")) == ([], [])


@pytest.mark.parametrize(("method", "path"), NEEDS)
@pytest.mark.parametrize(
    "scope", ["predict", "hear", "upload", "send", *(f"send:{command.__name__}" for command in ORDERS)]
)
async def test_each_route_asks_for_its_scope_and_names_it(server: Server, method: str, path: str, scope: str) -> None:
    needed = NEEDS[method, path]
    answer = await server.ask(method, path, scope, headers=HEADERS, json=BODY)
    if scope in {needed, needed.partition(":")[0]}:
        assert answer.status_code in {200, 201, 202}
    else:
        assert reason(answer) == (403, "GrantMissing")
        assert needed in answer.json()["error"]["cause"]
        assert f"trackside token --scope {needed}" in answer.json()["error"]["cure"]
        assert f'scope="{needed}"' in answer.headers["www-authenticate"]
        assert (server.bus.sent, server.objects.keys("uploads")) == ([], [])


@pytest.mark.parametrize("path", OPEN_PATHS)
async def test_what_holds_no_secret_is_open(server: Server, path: str) -> None:
    assert (await server.http.get(path)).status_code == 200


async def test_a_path_or_method_that_is_not_there_is_said_so(server: Server) -> None:
    assert reason(await server.ask("GET", "/nowhere")) == (404, "RouteUnknown")
    assert reason(await server.ask("GET", "/events")) == (405, "RouteUnknown")


async def test_a_command_goes_on_in_its_sender_s_name_and_its_answer_has_a_place(server: Server) -> None:
    answer = await server.send()
    (sent,) = server.bus.sent
    assert answer.status_code == 202
    assert (sent.address, json.loads(sent.data)) == ("cmd.ingest.dataset.register.v1.ing-1", BODY)
    assert (sent.headers["ce-source"], sent.headers["trackside-correlation-id"]) == ("ana", "id-1")
    assert answer.json()["answer"] == answer.headers["location"]
    assert answer.json()["facts"] == "/facts/ing-1"


async def test_the_same_id_is_the_same_message_and_another_client_s_is_not(server: Server) -> None:
    for subject in ("ana", "ana", "bob"):
        headers = {**HEADERS, "Authorization": f"Bearer {token(sub=subject)}"}
        await server.http.post("/events", json=BODY, headers=headers)
    ids = [sent.headers["Nats-Msg-Id"] for sent in server.bus.sent]
    assert ids[0] == ids[1] != ids[2]


async def test_a_name_at_the_issuer_cannot_write_headers(server: Server) -> None:
    forged = token(sub="ana\r\nNats-Rollup: all")
    headers = {**HEADERS, "Authorization": f"Bearer {forged}"}
    await server.http.post("/events", json=BODY, headers=headers)
    assert server.bus.sent[0].headers["ce-source"] == "ana%0D%0ANats-Rollup:%20all"


async def test_a_trace_goes_on(server: Server) -> None:
    await server.send(headers={"traceparent": f"00-{'a' * 32}-{'b' * 16}-01"})
    assert "a" * 32 in server.bus.sent[0].headers["traceparent"]


async def test_what_does_not_meet_its_contract_is_told_why_at_once(server: Server) -> None:
    answer = await server.send({**BODY, "folds": 3})
    assert reason(answer) == (400, "EventMalformed")
    assert "folds: Extra inputs are not permitted" in answer.json()["error"]["cause"]
    assert reason(await server.send(headers={"ce-type": "FitCompleted"})) == (400, "CommandUnknown")
    batch = await server.send(headers={"content-type": "application/cloudevents-batch+json"})
    assert reason(batch) == (415, "MediaTypeRefused")
    assert server.bus.sent == []


@pytest.mark.parametrize(("path", "setting"), [("/events", "MAX_EVENT_BYTES"), ("/uploads", "MAX_UPLOAD_BYTES")])
async def test_what_is_too_long_is_refused_with_the_limit_and_its_setting(
    server: Server, path: str, setting: str
) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b" " * 100_000

    for content in (b" " * 4_000_000, endless()):
        answer = await server.ask("POST", path, content=content, headers=HEADERS)
        assert reason(answer) == (413, "TooLarge")
        assert f"INGEST_HTTP_{setting}, which is {2000 if path == '/events' else 3_000_000}" in answer.text
    assert server.objects.keys("uploads") == []


async def test_who_comes_too_often_is_told_when_to_come_again() -> None:
    server = Server(http_rate=0.5)
    assert (await server.send()).status_code == 202
    answer = await server.send()
    assert reason(answer) == (429, "TooFast")
    assert (answer.headers["retry-after"], "INGEST_HTTP_RATE" in answer.text) == ("2", True)
    assert len(server.bus.sent) == 1


async def test_the_answer_is_a_fact_or_a_refusal_as_a_cloudevent(server: Server) -> None:
    place = (await server.send()).json()["answer"]
    unanswered = await server.ask("GET", place)
    assert (unanswered.status_code, unanswered.json()) == (202, {"answered": False})
    waiting = asyncio.create_task(server.ask("GET", f"{place}&wait=30"))
    await asyncio.sleep(0)
    await server.bus.say(REJECTED, cause="somebody else's")
    await server.bus.say(REJECTED, cause=derived("outside", "ana", "id-1"))
    answer = await waiting
    assert answer.headers["content-type"] == "application/cloudevents+json"
    told = answer.json()
    assert (told["specversion"], told["type"], int(told["sequence"])) == ("1.0", REJECTED.subject, 2)
    assert told["data"] == REJECTED.model_dump(mode="json")


async def test_nobody_hears_the_answer_to_an_event_of_another(server: Server) -> None:
    place = (await server.send()).json()["answer"]
    await server.bus.say(REJECTED, cause=derived("outside", "ana", "id-1"))
    assert (await server.ask("GET", place)).status_code == 200
    other = {"Authorization": f"Bearer {token(sub='bob')}"}
    assert (await server.http.get(place, headers=other)).status_code == 202


async def test_an_id_may_hold_anything_that_is_printed(server: Server) -> None:
    place = (await server.send(headers={"ce-id": "a/b?c%20d"})).json()["answer"]
    await server.bus.say(REJECTED, cause=derived("outside", "ana", "a/b?c d"))
    assert (await server.ask("GET", place)).status_code == 200


@pytest.mark.parametrize(
    "query",
    ["", "type=FitCompleted&key=a", "type=RegisterDataset", "type=RegisterDataset&key=*",
     "type=RegisterDataset&key=a&wait=61", "type=RegisterDataset&key=a&wait=-1", "type=RegisterDataset&key=a&wait=x"],
)  # fmt: skip
async def test_parameters_that_cannot_be_are_refused(server: Server, query: str) -> None:
    assert (await server.ask("GET", f"/events/id-1/answer?{query}")).status_code == 400


async def test_facts_are_told_from_a_place_on_and_waited_for(server: Server) -> None:
    for number in range(300):
        await server.bus.say(REJECTED.model_copy(update={"name": f"p{number}"}))
    first = await server.ask("GET", "/facts/ing-1")
    assert first.headers["content-type"] == "application/cloudevents-batch+json"
    assert len(first.json()) == 256
    rest = (await server.ask("GET", f"/facts/ing-1?after={first.json()[-1]['sequence']}&wait=30")).json()
    assert [fact["data"]["name"] for fact in (*first.json(), *rest)] == [f"p{number}" for number in range(300)]
    assert (await server.ask("GET", "/facts/ing-1?after=300&wait=0")).json() == []
    waiting = asyncio.create_task(server.ask("GET", "/facts/ing-1?after=300&wait=30"))
    await asyncio.sleep(0)
    await server.bus.say(REJECTED)
    assert [int(fact["sequence"]) for fact in (await waiting).json()] == [301]


@pytest.mark.parametrize("key", ["*", "%3E", "a.b", "x" * 129])
async def test_a_key_that_is_none_is_refused(server: Server, key: str) -> None:
    assert reason(await server.ask("GET", f"/facts/{key}")) == (400, "ParameterRefused")


async def test_one_client_waits_for_so_many_answers_at_a_time(server: Server) -> None:
    asking = [asyncio.create_task(server.ask("GET", "/facts/ing-1?wait=30")) for _ in range(2)]
    (first,), (waiting,) = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
    answer = await first
    assert (reason(answer), answer.headers["retry-after"]) == ((429, "TooManyAtOnce"), "1")
    assert "INGEST_HTTP_WAITING, which is 1" in answer.text
    await server.bus.say(REJECTED)
    assert (await waiting).status_code == 200


async def test_a_file_is_stored_by_its_content(server: Server) -> None:
    content = b"a,b\n1,2\n" * 300_000
    for _ in range(2):
        answer = await server.ask("POST", "/uploads", content=content)
        assert answer.status_code == 201
        assert answer.json()["bytes"] == len(content)
    assert server.objects.keys("uploads") == [answer.json()["upload"]]
    assert server.objects.read(answer.json()["upload"]) == content


async def test_a_form_is_no_file(server: Server) -> None:
    answer = await server.ask("POST", "/uploads", files={"file": b"a,b"})
    assert reason(answer) == (415, "MediaTypeRefused")
    assert "curl -T" in answer.json()["error"]["cure"]


async def test_facts_that_cannot_be_read_again_are_said_so_with_what_helps(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def damaged(*_kinds: object, **_options: object) -> AsyncIterator[Delivered]:
        for told in list[Delivered]():
            yield told
        raise HistoryMissing(1, 9)

    monkeypatch.setattr(server.bus, "facts", damaged)
    answer = await server.ask("GET", "/facts/ing-1")
    assert reason(answer) == (500, "HistoryMissing")
    assert "1 to 9" in answer.json()["error"]["cause"]
    assert "trackside doctor" in answer.json()["error"]["cure"]


async def test_a_bus_that_is_away_is_no_fault_of_the_sender(server: Server) -> None:
    server.bus.away = True
    for answer in (await server.send(), await server.ask("GET", "/facts/ing-1")):
        assert reason(answer) == (503, "BusUnavailable")
        assert answer.headers["retry-after"] == "2"
    assert (await server.http.get("/health")).status_code == 503


async def test_every_command_stands_in_the_document_with_its_fields(server: Server) -> None:
    document = (await server.http.get("/openapi.json")).json()
    schemas = document["components"]["schemas"]
    assert set(schemas["RegisterDataset"]["properties"]) == set(RegisterDataset.model_fields)
    assert {command.__name__ for command in ORDERS} <= set(schemas)
    named = json.dumps(document)
    references = {part.split('"')[0] for part in named.split("#/components/schemas/")[1:]}
    assert references <= set(schemas)
    routes = {"/health", "/events", "/events/{id}/answer", "/facts/{key}", "/uploads"}
    assert set(document["paths"]) == routes | {rule.path for rule in LFS}
