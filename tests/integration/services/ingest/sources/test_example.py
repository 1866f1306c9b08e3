"""The connector of the guide keeps every promise."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from docs.examples.connector import ApiSource
from services.ingest.sources.conformance import Case, judge

TOKEN = {"token": "the-right-token"}


@contextmanager
def api(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Serve rows to whoever has the token."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(rows).encode()
            let_in = self.headers.get("Authorization") == f"Bearer {TOKEN['token']}"
            self.send_response(200 if let_in else 401)
            self.send_header("ETag", sha256(body).hexdigest())
            self.end_headers()
            self.wfile.write(body if let_in else b"")

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/rows"
        finally:
            server.shutdown()
            thread.join()


def test_the_guide_s_connector_keeps_every_promise() -> None:
    rows: list[dict[str, Any]] = [{"a": 1, "b": "x"}, {"a": 2, "b": None}]
    with api(rows) as url:
        case = Case(
            ApiSource(), {"url": url}, TOKEN, {"token": "wrong"}, change=lambda: rows.append({"a": 3, "b": "y"})
        )
        verdicts = {verdict.name: verdict for verdict in judge(case)}
    assert [verdict for verdict in verdicts.values() if verdict.kept is False] == []
    assert [name for name, verdict in verdicts.items() if verdict.kept is None] == ["opens_files_anew"]
