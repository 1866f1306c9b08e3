"""An LFS server with bad manners: nothing wrong is taken for the file, and no token goes elsewhere."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from contracts.errors import TracksideError
from services.ingest.domain.git_errors import LfsObjectMissing, LfsObjectWrong, LfsServerUnknown, RepositoryForbidden
from services.ingest.domain.lfs import Pointer
from services.ingest.sources.lfs_server import LfsServer, LfsUnavailable
from tests.builders.issuers import answering

DATA = b"carrier,delay\nAA,3\n" * 50_000
POINTER = Pointer(hashlib.sha256(DATA).hexdigest(), len(DATA))
PROOF = "Basic the-token-of-ana"


class Manners:
    """How a server behaves, and what it was told."""

    def __init__(self) -> None:
        self.status = 200
        self.object_status = 200
        self.told: Any = {}
        """What is said of the object, beside how it is had."""
        self.sent = DATA
        self.length: int | None = len(DATA)
        self.header: dict[str, str] = {}
        self.elsewhere = ""
        """Another host, where the object is said to be; empty if it is here."""
        self.heard: list[tuple[str, str | None, str | None]] = []
        """Of each request its path, who it said it was, and what it was let in by."""
        self.url = ""

    def read(self, proof: str | None = PROOF) -> bytes:
        with closing(LfsServer(self.url, proof)) as asked:
            return b"".join(asked.stream("flights.csv", POINTER))

    def fails(self) -> TracksideError:
        with pytest.raises(TracksideError) as failed:
            self.read()
        assert "the-token-of-ana" not in str(failed.value)
        return failed.value


def _served(manners: Manners) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self._hear()
            self.rfile.read(int(self.headers["Content-Length"]))
            action = {"href": f"{manners.elsewhere or manners.url}/bytes", "header": manners.header}
            told = {"oid": POINTER.oid, "size": POINTER.size, "actions": {"download": action}, **manners.told}
            body = json.dumps({"transfer": "basic", "objects": [told]}).encode()
            self.send_response(manners.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self._hear()
            self.send_response(manners.object_status)
            if manners.length is not None:
                self.send_header("Content-Length", str(manners.length))
            self.end_headers()
            self.wfile.write(manners.sent)
            self.close_connection = True

        def _hear(self) -> None:
            manners.heard.append((self.path, self.headers["Authorization"], self.headers["X-Pass"]))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    return Answers


@pytest.fixture
def server() -> Iterator[Manners]:
    manners = Manners()
    with answering(_served(manners)) as port:
        manners.url = f"http://127.0.0.1:{port}"
        yield manners


def test_the_bytes_come_by_what_the_batch_says(server: Manners) -> None:
    server.header = {"X-Pass": "opens"}
    assert server.read() == DATA
    assert server.heard == [("/objects/batch", PROOF, None), ("/bytes", PROOF, "opens")]


def test_each_reading_has_what_the_server_says_then(server: Manners) -> None:
    with closing(LfsServer(server.url, PROOF, [POINTER, Pointer("0" * 64, 1)])) as asked:
        for _ in range(2):
            assert b"".join(asked.stream("flights.csv", POINTER)) == DATA
    assert [path for path, *_ in server.heard] == ["/objects/batch", "/bytes"] * 2


def test_what_the_batch_lets_in_by_is_all_that_is_shown(server: Manners) -> None:
    server.header = {"authorization": "Pass for-this"}
    server.read()
    assert server.heard[1] == ("/bytes", "Pass for-this", None)
    server.header, server.told = {}, {"authenticated": True}
    server.read()
    assert server.heard[3] == ("/bytes", None, None)


def test_another_host_never_sees_the_token(server: Manners) -> None:
    other = Manners()
    with answering(_served(other)) as port:
        server.elsewhere = f"http://127.0.0.1:{port}"
        assert server.read() == DATA
    assert other.heard == [("/bytes", None, None)]


@pytest.mark.parametrize(
    ("sent", "length"),
    [(DATA[:-1] + b"x", len(DATA)), (DATA[:-1], len(DATA) - 1), (DATA + b"x", None), (DATA[:-1], None), (b"", None)],
    ids=["other bytes", "shorter and said so", "longer", "shorter", "nothing"],
)
def test_other_bytes_than_the_pointer_says_are_refused(server: Manners, sent: bytes, length: int | None) -> None:
    server.sent, server.length = sent, length
    assert isinstance(server.fails(), LfsObjectWrong)


def test_what_breaks_off_is_asked_for_again_later(server: Manners) -> None:
    server.sent = DATA[:1000]
    assert isinstance(server.fails(), LfsUnavailable)


@pytest.mark.parametrize(
    ("code", "kind"),
    [(404, LfsObjectMissing), (410, LfsObjectMissing), (422, LfsObjectWrong), (500, LfsUnavailable)],
)
def test_what_it_says_of_an_object_is_passed_on(server: Manners, code: int, kind: type[TracksideError]) -> None:
    server.told = {"error": {"code": code, "message": "Because."}, "actions": {}}
    failed = server.fails()
    assert isinstance(failed, kind)
    assert "flights.csv" in str(failed)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, RepositoryForbidden), (403, RepositoryForbidden), (404, LfsServerUnknown), (429, LfsUnavailable),
     (503, LfsUnavailable), (302, LfsServerUnknown)],
)  # fmt: skip
def test_what_it_answers_to_a_batch_is_said_in_words(server: Manners, status: int, kind: type[TracksideError]) -> None:
    server.status = status
    assert isinstance(server.fails(), kind)


@pytest.mark.parametrize(
    ("status", "kind"), [(404, LfsObjectMissing), (403, RepositoryForbidden), (500, LfsUnavailable)]
)
def test_what_it_answers_instead_of_bytes_is_said_in_words(
    server: Manners, status: int, kind: type[TracksideError]
) -> None:
    server.object_status = status
    assert isinstance(server.fails(), kind)


@pytest.mark.parametrize(
    "told",
    [{"actions": {}}, {"actions": None}, {"oid": "0" * 64}, {"error": "no"}, {"actions": {"download": {"href": 3}}},
     {"actions": {"download": {"href": "file:///etc/passwd"}}}, {"actions": {"download": {"href": "x", "header": 3}}}],
)  # fmt: skip
def test_an_answer_that_is_none_is_no_crash(server: Manners, told: dict[str, Any]) -> None:
    server.told = told
    assert isinstance(server.fails(), LfsUnavailable)


def test_a_server_that_is_away_is_unavailable() -> None:
    away = Manners()
    with answering(_served(away)) as port:
        away.url = f"http://127.0.0.1:{port}"
    assert isinstance(away.fails(), LfsUnavailable)
