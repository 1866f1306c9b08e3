"""A real nats-server for each test that asks: it starts in milliseconds."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from infra.bus.client import NatsBus, connect
from infra.bus.streams import provision
from infra.telemetry import Telemetry
from tests.builders.nats import NatsServer


@pytest.fixture
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A nats-server with every stream and consumer provisioned."""
    server = NatsServer(tmp_path_factory.mktemp("nats"))
    server.start()
    asyncio.run(provision(server.url))
    yield server
    server.kill()


@pytest.fixture
async def bus(nats_server: NatsServer) -> AsyncIterator[NatsBus]:
    """A client of the bus, as the command line is one."""
    client = await connect(nats_server.url, None, "test", Telemetry("test"))
    yield client
    await client.close()
