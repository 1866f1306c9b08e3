"""Two servers of a cluster, with the configuration that a platform of containers gets."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.errors import Misconfigured
from infra.bus.connection import connect
from infra.bus.door import DOOR_SYSTEM, DoorFiles
from infra.bus.reload import reload_everywhere
from infra.bus.users import platform_users, write_users
from infra.local.nats import nkey
from tests.builders.cluster import Cluster


@pytest.fixture
def cluster(secrets: Path) -> Iterator[Cluster]:
    cluster = Cluster(secrets, 2, streams=False)
    cluster.start()
    yield cluster
    cluster.kill()


async def test_whoever_is_shut_out_is_disconnected_from_each_server(secrets: Path, cluster: Cluster) -> None:
    door, ca_file = DoorFiles(secrets / "door"), secrets / "cli/nats_ca.pem"
    urls = cluster.urls
    system = await connect(urls[0], door.system_seed, name=DOOR_SYSTEM, ca_file=ca_file, patience=5)
    seed = secrets / "guest.nk"

    write_users(door.users, door.platform_users.read_text(), platform_users({"outside": nkey(seed)}))
    assert await reload_everywhere(system) == 2
    news: asyncio.Queue[str] = asyncio.Queue()
    guests = [
        await connect(url, seed, name="outside", ca_file=ca_file, patience=5, on_link=news.put_nowait) for url in urls
    ]

    write_users(door.users, door.platform_users.read_text())
    assert await reload_everywhere(system) == 2
    async with asyncio.timeout(5):
        assert [await news.get() for _ in guests] == ["away", "away"]
    both = ",".join(["tls://127.0.0.1:1", urls[1]])
    await (await connect(both, door.system_seed, name=DOOR_SYSTEM, ca_file=ca_file, patience=5)).close()
    for url in urls:
        with pytest.raises(Misconfigured, match="refuses the key"):
            await connect(url, seed, name="outside", ca_file=ca_file, patience=1)
    for client in (*guests, system):
        await client.close()
