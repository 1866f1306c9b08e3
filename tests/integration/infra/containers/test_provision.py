import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.streams import EVENTS
from infra.bus.connection import connect
from infra.containers.provision import ProvisionerSettings, provision_streams
from tests.builders.cluster import Cluster


@pytest.fixture
def cluster(secrets: Path) -> Iterator[Cluster]:
    cluster = Cluster(secrets, 3)
    yield cluster
    cluster.kill()


async def test_streams_are_made_as_soon_as_a_cluster_has_a_leader(secrets: Path, cluster: Cluster) -> None:
    cluster.start("nats")
    settings = ProvisionerSettings(
        nats_url=",".join(cluster.urls),
        nats_seed_file=secrets / "provisioner/nats_seed",
        nats_ca_file=secrets / "provisioner/nats_ca.pem",
        replicas=3,
    )
    making = asyncio.create_task(provision_streams(settings))
    over, _ = await asyncio.wait([making], timeout=1)
    assert not over
    cluster.start("nats-2", "nats-3")
    async with asyncio.timeout(60):
        await making
    client = await connect(
        cluster.urls[2], secrets / "cli/nats_seed", name="cli", ca_file=settings.nats_ca_file, patience=5
    )
    assert (await client.jetstream().stream_info(EVENTS)).config.num_replicas == 3
    await client.close()
