"""A full disk under nats-server: a person is told, and with room it goes on by itself."""

import asyncio
from pathlib import Path

import pytest

from infra.bus import BusUnavailable
from infra.bus.client import NatsBus, connect
from infra.bus.streams import provision
from infra.local.disk import restart_with_room
from infra.local.layout import Home
from infra.local.nats import configure
from infra.local.ports import settled
from infra.local.processes import Addresses, nats_server, users
from infra.local.supervisor import Supervisor
from infra.telemetry import Telemetry
from tests.builders.asking import eventually
from tests.builders.disks import small_disk
from tests.builders.messages import a_fit_completed


async def test_nats_server_on_a_full_disk_starts_anew_when_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", megabytes=8) as disk:
        if disk is None:
            pytest.skip("only root may mount a small disk")
        home, told = Home(disk.folder / "home"), list[str]()
        home.create()
        addresses = Addresses(settled(["nats", "nats-monitor"], home.run / "ports.json"))
        configure(home, addresses.ports["nats"], users(1))
        async with Supervisor(home, told.append, lambda: None) as supervisor:
            server = nats_server(home, addresses)
            supervisor.start(server)
            await supervisor.ready(server)
            [watched] = supervisor.watched
            health = f"{addresses.http('nats-monitor')}/healthz"
            tending = asyncio.create_task(restart_with_room(watched, health, home.nats, told.append))
            await provision(addresses.nats, home.seed("provisioner"))
            bus = await connect(addresses.nats, home.seed("training-worker-1"), "training-worker-1", Telemetry("test"))
            with pytest.raises(BusUnavailable, match="cannot write to its disk"):
                await fill(bus)

            async def is_told() -> bool:
                return bool(told)

            await eventually(is_told)
            disk.resize(128)
            await bus.publish(a_fit_completed())
            await bus.close()
            tending.cancel()
            assert watched.restarts == 1
    assert "is full" in told[0]
    assert "has room again" in told[1]


async def fill(bus: NatsBus) -> None:
    """Publish large facts, more than there is room for."""
    for number in range(1000):
        await bus.publish(a_fit_completed(fold=number, worker="x" * 50_000))
