"""nats-server is killed again and again under load: what it acknowledged is there afterwards, once.

Short here; ``make durability-long`` makes it long. It prints its figures.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from time import monotonic

import pytest
from nats.aio.client import Client
from nats.errors import Error
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.ingest import RegisterDataset
from contracts.publishers import Limits, PublisherAdded
from contracts.streams import COMMANDS, arrivals
from contracts.training import FitCompleted
from infra.bus.client import NatsBus, connect
from infra.bus.connection import connect as connect_client
from infra.bus.door import Door, DoorFiles
from infra.bus.streams import provision
from infra.local.nats import nkey
from infra.telemetry import Telemetry
from tests.builders.asking import eventually
from tests.builders.guarded import Guarded, guarded
from tests.builders.messages import a_fit_completed


class DurabilitySettings(BaseSettings):
    """How often it is killed, and when."""

    model_config = SettingsConfigDict(env_prefix="TRACKSIDE_DURABILITY_", frozen=True)

    kills: int = 5
    seed: int = 4


SETTINGS = DurabilitySettings()
SPEAKERS = 4
_MOST_BETWEEN = 200
"""Acknowledgements between two kills."""

pytestmark = pytest.mark.timeout(120 + 20 * SETTINGS.kills)


class Load:
    """Publishers that go on publishing, and what was acknowledged to them."""

    def __init__(self) -> None:
        self.stored: list[str] = []
        self._over = False
        self._grown = asyncio.Condition()

    async def state_facts(self, bus: NatsBus, name: str) -> None:
        """State facts as a worker does, one after the other."""
        for number in count():
            if self._over:
                return
            await bus.publish(a_fit_completed(experiment_id=f"{name}-{number}"))
            await self._note(f"{name}-{number}")

    async def send_commands(self, client: Client, name: str) -> None:
        """Send commands as a publisher outside does, each until it is acknowledged."""
        for number in count():
            if self._over:
                return
            key = f"{name}-{number}"
            command = RegisterDataset(ingestion_id=key, name="rows", upload=f"uploads/{key}", filename="rows.csv")
            headers = {"ce-id": key, "ce-source": name, "ce-time": "2026-01-01T00:00:00Z", "Nats-Msg-Id": key}
            await insist_on(client, f"in.{name}.{command.address}", command.model_dump_json().encode(), headers)
            await self._note(key)

    async def wait(self, more: int) -> None:
        """Wait until so many more are acknowledged."""
        wanted = len(self.stored) + more
        async with asyncio.timeout(60), self._grown:
            await self._grown.wait_for(lambda: len(self.stored) >= wanted)

    def stop(self) -> None:
        """Let each publisher come to the end of what it is at."""
        self._over = True

    async def _note(self, key: str) -> None:
        async with self._grown:
            self.stored.append(key)
            self._grown.notify_all()


async def insist_on(client: Client, subject: str, data: bytes, headers: dict[str, str]) -> None:
    """Send until it is acknowledged, under the same id."""
    while True:
        try:
            await client.jetstream(timeout=1).publish(subject, data, headers=headers)
        except (Error, TimeoutError):
            await asyncio.sleep(0.05)
        else:
            return


async def test_whatever_nats_server_acknowledged_outlives_its_kills_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    random, load, began = Random(SETTINGS.seed), Load(), monotonic()
    with guarded(tmp_path / "home") as server:
        await provision(server.url, server.home.seed("provisioner"))
        ingest = await bus_of(server, "ingest")
        door = asyncio.create_task(Door(server.url, DoorFiles(server.home.door), Telemetry("door")).run(ingest))
        acme = await let_in(server, ingest)
        workers = [await bus_of(server, f"training-worker-{number % 2 + 1}") for number in range(SPEAKERS)]
        async with asyncio.TaskGroup() as publishing:
            for number, worker in enumerate(workers):
                publishing.create_task(load.state_facts(worker, f"exp{number}"))
            publishing.create_task(load.send_commands(acme, "acme"))
            for _ in range(SETTINGS.kills):
                await load.wait(random.randint(1, _MOST_BETWEEN))
                server.kill()
                server.start()
            await load.wait(1)
            load.stop()
        await passed_on(server)
        assert not door.done()
        kept = await everything(server, ingest)
        door.cancel()
        with suppress(asyncio.CancelledError):
            await door
        for bus in (*workers, ingest):
            await bus.close()
        await acme.close()
    with capsys.disabled():
        print(figures(load, kept, monotonic() - began))  # noqa: T201
    assert [key for key in load.stored if kept[key] != 1] == []
    assert [key for key, times in kept.items() if times != 1] == []


async def bus_of(server: Guarded, name: str) -> NatsBus:
    return await connect(server.url, server.home.seed(name), name, Telemetry(name))


async def let_in(server: Guarded, ingest: NatsBus) -> Client:
    """Add a publisher and return its connection, which waits until the door lets it in."""
    await ingest.publish(
        PublisherAdded(
            name="acme", nkey=nkey(server.home.seed("acme")), may=("RegisterDataset",), hears=(),
            limits=Limits(rate=1000), added_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )  # fmt: skip
    found: list[Client] = []

    async def entered() -> bool:
        with suppress(Exception):
            found.append(await connect_client(server.url, server.home.seed("acme"), name="acme", patience=2))
        return bool(found)

    await eventually(entered)
    return found[0]


async def passed_on(server: Guarded) -> None:
    """Wait until the gate has passed on all that arrived; what a kill took from it comes again after its ack wait."""
    client = await server.connected("door")

    async def empty() -> bool:
        return (await client.jetstream().stream_info(arrivals("acme"))).state.messages == 0

    await eventually(empty, seconds=90)
    await client.close()


async def everything(server: Guarded, bus: NatsBus) -> Counter[str]:
    """Return how often each fact and each command is in its stream, by key."""
    kept = Counter([fact.message.key async for fact in bus.facts(FitCompleted, stop_when_idle=True)])
    client = await server.connected("provisioner")
    commands = await client.jetstream().stream_info(COMMANDS, subjects_filter="cmd.>")
    await client.close()
    return kept + Counter({name.rpartition(".")[2]: times for name, times in (commands.state.subjects or {}).items()})


def figures(load: Load, kept: Counter[str], seconds: float) -> str:
    lost = sum(kept[key] == 0 for key in load.stored)
    doubled = sum(times > 1 for times in kept.values())
    return (
        f"\n{SETTINGS.kills} kills of nats-server in {seconds:.0f} s: {len(load.stored):,} acknowledged, "
        f"{lost} of them lost, {doubled} doubled"
    )
