"""A nats-server that lets in every identity of the platform, each to what its contract says, as `trackside up` does."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nats.aio.client import Client

from contracts.permissions import inbox
from infra.local.layout import Home
from infra.local.nats import binary, configure
from infra.local.ports import settled
from infra.local.processes import users
from tests.builders.asking import until


class Guarded:
    """A running nats-server, and the keys to it."""

    process: "subprocess.Popen[bytes]"

    def __init__(self, home: Home, url: str, configuration: Path) -> None:
        self.home = home
        self.url = url
        self._configuration = configuration

    def start(self) -> None:
        """Start it, or start it again, and wait until it is ready."""
        log = self.home.log("nats")
        starts = self._starts()
        self.process = subprocess.Popen([str(binary()), "-c", str(self._configuration), "-l", str(log)])
        until(lambda: self._starts() > starts)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def _starts(self) -> int:
        log = self.home.log("nats")
        return log.read_text().count("Server is ready") if log.exists() else 0

    async def connected(self, user: str, denied: list[str] | None = None) -> Client:
        """Return a connection as ``user``; what nats-server denies it is added to ``denied``, in lower case."""

        async def on_error(error: Exception) -> None:
            if denied is not None and "permissions violation" in str(error):
                denied.append(str(error).partition('"')[2].rstrip('"'))

        client = Client()
        await client.connect(
            self.url, nkeys_seed=str(self.home.seed(user)), name=user, inbox_prefix=inbox(user), error_cb=on_error
        )
        return client


async def settle(client: Client) -> None:
    """Return once nats-server has judged everything that was sent on ``client``."""
    # A ping overtakes what the client still holds back, and only pushes it out; the second one goes behind it.
    await client.flush()
    await client.flush()


@contextmanager
def guarded(folder: Path, workers: int = 2) -> Iterator[Guarded]:
    """Run one in ``folder`` while the block runs."""
    home = Home(folder)
    home.create()
    port = settled(["nats"], home.run / "ports.json")["nats"]
    configuration = configure(home, port, users(workers))
    server = Guarded(home, f"nats://127.0.0.1:{port}", configuration)
    server.start()
    try:
        yield server
    finally:
        server.kill()
