"""The web page of a test: a real issuer, the real server, and the bus that the test gives it."""

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from infra.local.issuer.clients import COMMAND_LINE, clients_of
from infra.objects import Objects
from infra.objects.store import open_objects
from infra.telemetry import Telemetry
from infra.tokens import issue_ticket
from tests.builders.asking import until
from tests.builders.bus import MemoryBus
from tests.builders.platform import inherited
from ui.web.app import serve
from ui.web.settings import UiSettings


def free_port() -> int:
    """Return a port that nobody has now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def an_issuer(folder: Path, session_seconds: int = 3600) -> Iterator[str]:
    """Run the built-in issuer with its keys in ``folder``, and yield its URL."""
    ready = folder / "ready.json"
    environment = {
        "ISSUER_FOLDER": str(folder),
        "ISSUER_READY_FILE": str(ready),
        "ISSUER_SESSION_SECONDS": str(session_seconds),
    }
    process = subprocess.Popen([sys.executable, "-m", "infra.local.issuer"], env={**inherited(), **environment})
    try:
        until(ready.exists)
        yield str(json.loads(ready.read_text())["url"])
    finally:
        process.terminate()
        process.wait()


@dataclass
class ServedPage:
    """A page that is being served by a thread of this process."""

    url: str
    issuer_url: str
    folder: Path
    bus: MemoryBus
    objects: Objects
    loop: asyncio.AbstractEventLoop

    def login_link(self, **guest: str) -> str:
        """Return a new one-time link, for the owner or for a guest."""
        client = clients_of(self.folder)[COMMAND_LINE]
        return f"{self.url}/login?ticket={issue_ticket(self.issuer_url, client.id, client.secret, **guest)}"

    def cookie(self, **guest: str) -> str:
        """Return the cookie of a person who is logged in: the owner, or a guest."""
        answer = httpx.get(self.login_link(**guest))
        return answer.headers["set-cookie"].partition(";")[0]


@contextmanager
def a_page(folder: Path, bus: MemoryBus, **settings: object) -> Iterator[ServedPage]:
    """Serve the page over ``bus``; facts are said on its loop."""
    with an_issuer(folder) as issuer_url, a_page_at(issuer_url, folder, bus, **settings) as page:
        yield page


@contextmanager
def a_page_at(issuer_url: str, folder: Path, bus: MemoryBus, **settings: object) -> Iterator[ServedPage]:
    """Serve the page with an issuer that runs already."""
    wired = UiSettings(issuer_url=issuer_url, **{"http_port": free_port(), **settings})  # type: ignore[arg-type]
    objects = open_objects("memory://")
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve(wired, bus, objects, stop, Telemetry("ui"))))
    thread.start()
    try:
        until(lambda: _is_ready(f"{wired.address}/ready"))
        yield ServedPage(wired.address, issuer_url, folder, bus, objects, loop)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(url).is_success
    except httpx.TransportError:
        return False
