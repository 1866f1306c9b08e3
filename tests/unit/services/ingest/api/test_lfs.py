import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest

from infra.history.unnamed import COLLECTED
from services.ingest.api.lfs import PREFIX, RULES
from services.ingest.api.lfs_batch import MEDIA, MOST
from services.ingest.api.passes import SECONDS, Act, Pass, Passes
from tests.builders.ingress import Server, token
from tests.builders.tokens import NOW

DATA = b"carrier,delay\nAA,3\n" * 1000
OID = hashlib.sha256(DATA).hexdigest()
KEY = f"{PREFIX}/{OID}"
OBJECT = {"oid": OID, "size": len(DATA)}


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    running = Server()
    async with running.http:
        yield running


def basic(scope: str = "hear upload") -> dict[str, str]:
    said = base64.b64encode(f"ana:{token(scope=scope)}".encode()).decode()
    return {"Authorization": f"Basic {said}"}


async def asked(server: Server, operation: str, scope: str = "hear upload", **said: Any) -> httpx.Response:
    body = {"operation": operation, "transfers": ["basic"], "objects": [OBJECT], **said}
    return await server.http.post("/lfs/flights/objects/batch", json=body, headers=basic(scope))


async def actions(server: Server, operation: str) -> dict[str, Any]:
    (told,) = (await asked(server, operation)).json()["objects"]
    found: dict[str, Any] = told.get("actions", {})
    return found


async def stored(server: Server) -> None:
    act = (await actions(server, "upload"))["upload"]
    assert (await server.http.put(act["href"], content=DATA, headers=act["header"])).status_code == 200


def reason(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == MEDIA
    assert answer.json()["error"]["cause"] in answer.json()["message"]
    return answer.status_code, answer.json()["error"]["reason"]


async def test_what_is_sent_is_stored_by_its_digest_verified_and_given(server: Server) -> None:
    acts = await actions(server, "upload")
    assert (await server.http.put(acts["upload"]["href"], content=DATA, headers=acts["upload"]["header"])).is_success
    assert server.objects.read(KEY) == DATA
    # git-lfs verifies without its credentials: what the batch handed out is all that it brings.
    verified = await server.http.post(acts["verify"]["href"], json=OBJECT, headers=acts["verify"]["header"])
    assert (verified.status_code, verified.json()) == (200, {})
    act = (await actions(server, "download"))["download"]
    given = await server.http.get(act["href"], headers=act["header"])
    assert (given.content, given.headers["content-length"]) == (DATA, str(len(DATA)))


async def test_what_is_there_need_not_be_sent_again(server: Server) -> None:
    await stored(server)
    assert await actions(server, "upload") == {}


async def test_a_part_is_given_from_where_it_broke_off(server: Server) -> None:
    await stored(server)
    act = (await actions(server, "download"))["download"]
    for asked_for, part in {"bytes=100-": DATA[100:], "bytes=5-9": DATA[5:10], "bytes=0-99999999": DATA}.items():
        given = await server.http.get(act["href"], headers={**act["header"], "Range": asked_for})
        assert (given.status_code, given.content) == (206, part)
    assert given.headers["content-range"] == f"bytes 0-{len(DATA) - 1}/{len(DATA)}"
    for wrong in (f"bytes={len(DATA)}-", "bytes=9-5", "bytes=-5", "bytes=0-1,4-5", "lines=1-2"):
        answer = await server.http.get(act["href"], headers={**act["header"], "Range": wrong})
        assert reason(answer) == (416, "RangeRefused")


@pytest.mark.parametrize("sent", [b"x" * len(DATA), DATA[:-1], DATA + b"x", b""])
@pytest.mark.parametrize("stated", [True, False], ids=["with a length", "in chunks"])
async def test_other_bytes_than_were_announced_are_not_stored(server: Server, sent: bytes, *, stated: bool) -> None:
    async def in_chunks() -> AsyncIterator[bytes]:
        yield sent

    act = (await actions(server, "upload"))["upload"]
    answer = await server.http.put(act["href"], content=sent if stated else in_chunks(), headers=act["header"])
    assert reason(answer) == (422, "LfsObjectUnlike")
    assert server.objects.keys(PREFIX) == []


async def test_an_upload_that_breaks_off_leaves_nothing(server: Server) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield DATA[:500]
        raise ConnectionResetError

    act = (await actions(server, "upload"))["upload"]
    with pytest.raises(ConnectionResetError):
        await server.http.put(act["href"], content=broken(), headers=act["header"])
    assert server.objects.keys(PREFIX) == []


async def test_what_is_not_there_or_has_another_size_is_said_of_each_object(server: Server) -> None:
    await stored(server)
    wanted = [OBJECT, {"oid": OID, "size": 1}, {"oid": "0" * 64, "size": 1}]
    told = (await asked(server, "download", objects=wanted)).json()["objects"]
    assert [one.get("error", {}).get("code") for one in told] == [None, 422, 404]
    told = (await asked(server, "upload", objects=[wanted[1], {"oid": "0" * 64, "size": 4_000_000}])).json()["objects"]
    assert [one["error"]["code"] for one in told] == [422, 422]
    assert "INGEST_HTTP_MAX_UPLOAD_BYTES" in told[1]["error"]["message"]


async def test_who_reads_may_hear_and_who_sends_may_upload_too(server: Server) -> None:
    assert (await asked(server, "download", "hear")).status_code == 200
    assert reason(await asked(server, "upload", "hear")) == (403, "GrantMissing")
    for operation in ("download", "upload"):
        assert (await asked(server, operation, "upload")).status_code == 403


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic YTpi"}, {"Authorization": "Basic ***"}])
@pytest.mark.parametrize("path", [rule.path for rule in RULES if rule.basic])
async def test_who_has_no_token_is_asked_for_a_password(server: Server, path: str, headers: dict[str, str]) -> None:
    answer = await server.http.post(path.replace("{repository}", "flights"), headers=headers)
    assert (answer.status_code, answer.headers["lfs-authenticate"]) == (401, 'Basic realm="trackside"')


async def test_a_bearer_token_will_do_and_nobody_has_locks(server: Server) -> None:
    answer = await server.ask("POST", "/lfs/flights/locks/verify", json={})
    assert answer.json() == {"ours": [], "theirs": []}


@pytest.mark.parametrize(
    "said",
    [{"operation": "delete"}, {"transfers": ["tus"]}, {"hash_algo": "md5"}, {"objects": [{"oid": "../x", "size": 1}]},
     {"objects": [{"oid": OID, "size": -1}]}, {"objects": [{"oid": OID, "size": "1"}]}, {"objects": None}],
)  # fmt: skip
async def test_what_is_no_batch_is_refused(server: Server, said: dict[str, Any]) -> None:
    body = {"operation": "download", "objects": [OBJECT], **said}
    answer = await server.http.post("/lfs/flights/objects/batch", json=body, headers=basic())
    assert reason(answer) == (422, "LfsMalformed")


async def test_a_batch_has_an_end(server: Server) -> None:
    answer = await asked(server, "download", objects=[OBJECT] * (MOST + 1))
    assert reason(answer) == (413, "TooLarge")


@pytest.mark.parametrize("repository", [".hidden", "a%20b", "x" * 129])
async def test_a_repository_has_a_plain_name(server: Server, repository: str) -> None:
    answer = await server.http.post(f"/lfs/{repository}/locks/verify", headers=basic())
    assert reason(answer) == (400, "ParameterRefused")


async def test_a_pass_opens_one_act_on_one_object_for_a_while(server: Server) -> None:
    acts = await actions(server, "upload")
    await stored(server)
    path = f"/lfs/flights/objects/{OID}"
    others = [
        {}, basic(), {"Authorization": f"Bearer {token()}"},
        {"Authorization": "Pass AAAA"}, {"Authorization": "Pass é"},
        acts["upload"]["header"], acts["verify"]["header"],
        Passes(b"another key", lambda: NOW).header(Pass("download", OID, len(DATA), "ana")),
    ]  # fmt: skip
    for headers in others:
        sent = {name.encode(): value.encode() for name, value in headers.items()}
        assert reason(await server.http.get(path, headers=sent)) == (403, "PassRefused")
    act = (await actions(server, "download"))["download"]
    assert reason(await server.http.get(f"/lfs/flights/objects/{'0' * 64}", headers=act["header"]))[0] == 403
    server.now = NOW + timedelta(seconds=SECONDS)
    answer = await server.http.get(path, headers=act["header"])
    assert (reason(answer), "time is over" in answer.text) == ((403, "PassRefused"), True)


@pytest.mark.parametrize("act", ["upload", "verify"])
async def test_verifying_what_never_came_says_so(server: Server, act: Act) -> None:
    told = (await actions(server, "upload"))[act]
    answer = await server.http.post("/lfs/flights/verify", json=OBJECT, headers=told["header"])
    assert reason(answer) == ((404, "LfsObjectAbsent") if act == "verify" else (403, "PassRefused"))


async def test_what_is_said_of_an_object_that_vanished(server: Server) -> None:
    await stored(server)
    act = (await actions(server, "download"))["download"]
    server.objects.delete(KEY)
    assert reason(await server.http.get(act["href"], headers=act["header"])) == (404, "LfsObjectAbsent")


async def test_objects_of_one_client_wait_for_their_turn() -> None:
    server = Server(http_lfs_uploading=1)
    act = (await actions(server, "upload"))["upload"]
    waiting: list[asyncio.Task[httpx.Response]] = []

    async def slow() -> AsyncIterator[bytes]:
        yield DATA[:500]
        waiting.append(asyncio.create_task(server.http.put(act["href"], content=DATA, headers=act["header"])))
        for _ in range(100):
            await asyncio.sleep(0)
        assert not waiting[0].done()
        yield DATA[500:]

    assert (await server.http.put(act["href"], content=slow(), headers=act["header"])).status_code == 200
    assert (await waiting[0]).status_code == 200


async def test_behind_a_proxy_it_says_the_address_that_it_was_told() -> None:
    server = Server(http_address="https://events.example.com")
    act = (await actions(server, "upload"))["upload"]
    assert act["href"] == f"https://events.example.com/lfs/flights/objects/{OID}"


def test_what_no_fact_names_is_kept_all_the_same() -> None:
    assert PREFIX not in COLLECTED


async def test_no_token_stands_in_what_is_answered(server: Server) -> None:
    answer = await asked(server, "upload")
    assert token().rpartition(".")[2] not in json.dumps(answer.json())
