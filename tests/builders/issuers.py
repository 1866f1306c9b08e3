"""A key server whose keys and manners a test decides."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from joserfc.jwk import RSAKey


class KeyServer:
    """An OIDC issuer that publishes ``keys``, and counts how often it is asked for them."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.issuer = self.url
        self.keys: list[Any] = []
        self.status = 200
        self.padding = 0
        self.asked = 0

    def publish(self, *keys: RSAKey) -> None:
        """Publish these keys from now on."""
        self.keys = [dict(key.as_dict(private=False)) for key in keys]

    def answer(self, path: str) -> dict[str, Any]:
        """Return the document at ``path``."""
        if path == "/jwks":
            self.asked += 1
            return {"keys": self.keys, "padding": "x" * self.padding}
        return {"issuer": self.issuer, "jwks_uri": f"{self.url}/jwks"}


@contextmanager
def key_server() -> Iterator[KeyServer]:
    """Run a key server on a free port."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(server.answer(self.path)).encode()
            self.send_response(server.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    with answering(Answers) as port:
        server = KeyServer(port)
        yield server


@contextmanager
def answering(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """Let ``handler`` answer on a free port, and yield the port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield http.server_address[1]
        finally:
            http.shutdown()
            thread.join()
