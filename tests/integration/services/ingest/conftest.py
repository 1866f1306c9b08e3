"""An intake over a folder, and a way to put a file before it; the event ingress as it runs."""

import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pyarrow.parquet as pq
import pytest

from infra.bus.streams import provision
from infra.objects import Objects
from infra.objects.store import open_objects
from infra.state import State
from services.ingest.app import service
from services.ingest.domain.table import Table
from services.ingest.intake import ObjectIntake
from services.ingest.settings import IngestSettings
from services.ingest.store import METADATA
from tests.builders.asking import eventually
from tests.builders.guarded import Guarded, guarded
from tests.builders.issuers import KeyServer, key_server
from tests.builders.service import running
from tests.builders.tokens import rsa_key, signed

KEY = rsa_key()


class Desk:
    """Where a test hands in files."""

    def __init__(self, folder: Path) -> None:
        self.objects: Objects = open_objects(f"file://{folder}/objects")
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self.intake = ObjectIntake(self.objects, memory="500MB", threads=2, scratch=self.scratch)
        self._folder = folder
        self._numbers = count()

    def upload(self, data: bytes, filename: str = "table.csv") -> str:
        """Put bytes under ``uploads/`` and return their key."""
        key = f"uploads/{next(self._numbers)}/{filename}"
        assert self.objects.create(key, [data])
        return key

    def take(self, data: bytes | str, filename: str = "table.csv") -> Table:
        """Read a file; what is scratch must be gone afterwards."""
        key = self.upload(data.encode() if isinstance(data, str) else data, filename)
        try:
            return self.intake.take(key, filename)
        finally:
            assert list(self.scratch.iterdir()) == []

    def rows(self, table: Table) -> dict[str, list[Any]]:
        """Return what was kept, column by column."""
        path = self._folder / "kept.parquet"
        self.objects.fetch(table.data, table.data_digest, path)
        columns: dict[str, list[Any]] = pq.read_table(path).to_pydict()
        return columns


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    state = State(f"sqlite:///{tmp_path}/ingest.db", METADATA)
    yield state
    state.close()


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[Guarded]:
    with guarded(tmp_path / "home") as server:
        yield server
        server.process.kill()
        server.process.wait()


@pytest.fixture
def issuer() -> Iterator[KeyServer]:
    with key_server() as server:
        server.publish(KEY)
        yield server


@pytest.fixture
def settings(tmp_path: Path, nats: Guarded, issuer: KeyServer) -> IngestSettings:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    (tmp_path / "scratch").mkdir()
    return IngestSettings(
        process="ingest",
        nats_url=nats.url,
        nats_seed_file=nats.home.seed("ingest"),
        door_folder=nats.home.door,
        state_url=f"sqlite:///{tmp_path}/ingest.db",
        objects_url=f"file://{tmp_path}/objects",
        http_port=port,
        credentials_dir=tmp_path,
        scratch_dir=tmp_path / "scratch",
        issuer_url=issuer.url,
    )


@pytest.fixture
def token(issuer: KeyServer) -> str:
    """A token with every scope."""
    every: dict[str, Any] = {"aud": "trackside-events", "scope": "send hear upload", "iat": None, "exp": 4_000_000_000}
    return signed(KEY, iss=issuer.url, **every)


@pytest.fixture
async def http(settings: IngestSettings, token: str, nats: Guarded) -> AsyncIterator[httpx.AsyncClient]:
    """A client with every scope, of an ingress that answers."""
    await provision(nats.url, nats.home.seed("provisioner"))
    async with (
        running(service(settings), settings),
        httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{settings.http_port}", headers={"Authorization": f"Bearer {token}"}, timeout=60
        ) as client,
    ):

        async def healthy() -> bool:
            with contextlib.suppress(httpx.TransportError):
                return (await client.get("/health")).status_code == 200
            return False

        await eventually(healthy)
        yield client
