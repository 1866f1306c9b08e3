"""Who gets in, and with what: the page, its websocket, uploads, and what is left when a page is closed."""

import asyncio
import gc
import re
import weakref
from collections.abc import Iterator

import httpx
import pytest
from bokeh.document import Document
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from infra.clock import utc_now
from infra.objects.store import open_objects
from tests.builders.asking import until
from tests.builders.bus import MemoryBus
from tests.builders.pages import ServedPage, a_page, free_port
from ui.web.actions import Actions
from ui.web.app import page_server
from ui.web.hub import Hub
from ui.web.policy import RULES
from ui.web.predictions import ServingApi
from ui.web.reports import StoredReports
from ui.web.settings import UiSettings


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedPage]:
    with a_page(
        tmp_path_factory.mktemp("keys"), MemoryBus(), linger_seconds=0.2, max_upload_bytes=10_000_000
    ) as served:
        yield served


def test_a_stranger_is_told_how_to_get_in(page: ServedPage) -> None:
    answer = httpx.get(page.url, follow_redirects=True)
    assert answer.status_code == 401
    assert "one-time link" in answer.text


def test_a_one_time_link_opens_the_page(page: ServedPage) -> None:
    answer = httpx.get(page.login_link())
    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 302
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Trackside" in httpx.get(page.url, headers={"Cookie": cookie.partition(";")[0]}).text


def test_a_link_opens_once(page: ServedPage) -> None:
    link = page.login_link()
    assert httpx.get(link).status_code == 302
    assert httpx.get(link).status_code == 401


def test_a_forged_cookie_opens_nothing(page: ServedPage) -> None:
    name, _, token = page.cookie().partition("=")
    head, body, _ = token.split(".")
    forged = f"{name}={head}.{body}.{'A' * 342}"
    assert httpx.get(page.url, headers={"Cookie": forged}).status_code == 302


async def test_the_websocket_is_guarded_as_the_page_is(page: ServedPage) -> None:
    cookie = {"Cookie": page.cookie()}
    async with httpx.AsyncClient() as client:
        token = re.search(r'"token":"([^"]+)"', (await client.get(page.url, headers=cookie)).text)
    assert token is not None

    async def connect(headers: dict[str, str]) -> None:
        request = HTTPRequest(page.url.replace("http", "ws") + "/ws", headers={"Origin": page.url, **headers})
        (await websocket_connect(request, subprotocols=["bokeh", token[1]])).close()

    await connect(cookie)
    with pytest.raises(HTTPClientError, match="HTTP 403"):
        await connect({})


def test_the_policy_lists_every_route_of_the_server() -> None:
    settings = UiSettings(http_port=free_port(), issuer_url="http://127.0.0.1:1")
    objects = open_objects("memory://")
    actions = Actions(MemoryBus(), ServingApi("http://127.0.0.1:1", str), StoredReports(objects), utc_now)
    server = page_server(settings, Hub(utc_now), actions, objects, lambda _: None)
    patterns = {rule.matcher.regex.pattern for rule in server._tornado.wildcard_router.rules}
    assert patterns == {rule.path for rule in RULES}
    for rule in RULES:
        assert re.match(rule.path, rule.example.partition("?")[0])
    server.stop()


def test_who_only_views_sees_the_page_and_uploads_nothing(page: ServedPage) -> None:
    cookie = page.cookie(role="viewer")
    assert "Trackside" in httpx.get(page.url, headers={"Cookie": cookie}).text
    answer = httpx.post(f"{page.url}/upload", content=b"a", headers={"Origin": page.url, "Cookie": cookie})
    assert answer.status_code == 403
    assert "The role viewer does not grant upload" in answer.json()["error"]["cause"]
    assert "the role editor" in answer.json()["error"]["cure"]


def test_another_name_for_the_host_is_told_the_right_one(page: ServedPage) -> None:
    elsewhere = page.url.replace("127.0.0.1", "localhost")
    answer = httpx.get(elsewhere, follow_redirects=True)
    assert answer.status_code == 403
    for said in (elsewhere.removeprefix("http://"), page.url.removeprefix("http://"), "UI_PUBLIC_URL"):
        assert said in answer.text


def test_a_file_is_streamed_into_the_store(page: ServedPage) -> None:
    data = b"a,b\n" + b"1,2\n" * 500_000
    answer = upload(page, data)
    assert answer.json()["size"] == len(data)
    assert answer.json()["upload"].startswith("uploads/")
    assert page.objects.read(answer.json()["upload"]) == data


def test_a_stranger_cannot_upload(page: ServedPage) -> None:
    answer = httpx.post(f"{page.url}/upload", content=b"a", headers={"Origin": page.url})
    assert answer.status_code == 401
    assert answer.headers["connection"] == "close"  # as it does, for the body was not read


def test_another_site_cannot_upload_in_a_persons_name(page: ServedPage) -> None:
    answer = upload(page, b"a", origin="http://elsewhere.example")
    assert answer.status_code == 403
    assert "http://elsewhere.example" in answer.json()["error"]["cause"]
    assert "UI_PUBLIC_URL" in answer.json()["error"]["cure"]


def test_a_file_that_is_too_large_is_refused(page: ServedPage) -> None:
    answer = upload(page, b"x" * 10_000_001)
    assert answer.status_code == 413
    assert "at most 10000000" in answer.json()["error"]["cause"]
    assert "UI_MAX_UPLOAD_BYTES" in answer.json()["error"]["cure"]


async def test_half_a_file_is_never_stored(page: ServedPage) -> None:
    before = page.objects.keys("uploads")
    host, _, port = page.url.removeprefix("http://").partition(":")
    _, writer = await asyncio.open_connection(host, int(port))
    head = (
        f"POST /upload?filename=half.csv HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {page.url}\r\n"
        f"Cookie: {page.cookie()}\r\nContent-Length: 1000\r\n\r\nhalf"
    )
    writer.write(head.encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    assert upload(page, b"whole").is_success
    kept = set(page.objects.keys("uploads")) - set(before)
    assert [page.objects.read(key) for key in kept] == [b"whole"]


def test_closed_pages_leave_nothing_behind(page: ServedPage) -> None:
    headers = {"Cookie": page.cookie()}
    before = set(map(id, _documents()))
    for _ in range(5):
        assert httpx.get(page.url, headers=headers).is_success
    kept = [weakref.ref(document) for document in _documents() if id(document) not in before]
    assert kept
    until(lambda: gc.collect() >= 0 and sum(document() is not None for document in kept) <= 2, seconds=15)


def _documents() -> list[Document]:
    return [found for found in gc.get_objects() if isinstance(found, Document)]


def upload(page: ServedPage, data: bytes, origin: str = "") -> httpx.Response:
    headers = {"Origin": origin or page.url, "Cookie": page.cookie()}
    return httpx.post(f"{page.url}/upload?filename=rows.CSV", content=data, headers=headers)
