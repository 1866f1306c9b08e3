"""A hostile publisher floods its gate with spoilt events: nothing falls, none is lost, nobody waits longer.

Short here; ``make hostile-long`` makes it long. It prints its figures.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import quantiles
from time import monotonic

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.client import JetStreamContext
from pydantic_settings import BaseSettings, SettingsConfigDict

from contracts.publishers import AddPublisher, Limits, PublisherAdded
from contracts.streams import COMMANDS, DEAD, EVENTS, arrivals
from infra.bus.client import NatsBus, connect
from infra.bus.connection import connect as connect_client
from infra.bus.deadletter import ORIGINAL, REASON
from infra.bus.follower import Follower
from infra.bus.streams import provision
from infra.local.nats import nkey
from infra.local.ports import settled
from infra.local.processes import SERVERS, Addresses, Rows
from infra.local.supervisor import Supervisor, Watched
from infra.objects.store import open_objects
from infra.telemetry import Telemetry
from tests.builders.asking import eventually
from tests.builders.guarded import Guarded, guarded
from tests.builders.hostile import MAY, Fate, HostileEvent, hostile_events
from tests.builders.nats import NatsServer
from tests.builders.outsiders import Flood, Registrar


class HostileSettings(BaseSettings):
    """How much is sent, and which events."""

    model_config = SettingsConfigDict(env_prefix="TRACKSIDE_HOSTILE_", frozen=True)

    events: int = 5_000
    seed: int = 4
    rate: float = 200.0
    """The hostile publisher's limit, four times the default of a card; with that, 5,000 events take three minutes."""
    alone: bool = False
    """Whether nothing else runs on this machine: only then is it judged how long others wait, by ``make hostile``."""


SETTINGS = HostileSettings()
BACKLOG = 100
STORM_SECONDS = 10.0
QUIET_SECONDS = 6.0
ALLOWED = {
    Fate.GOES_ON: {(1, 0)},
    Fate.DIES: {(0, 1)},
    Fate.EITHER: {(1, 0), (0, 1)},
    Fate.SWALLOWED: {(0, 0)},
}
"""How often an event may have gone on and died."""
MOST = 1.2
"""How much longer another publisher's p95 may be in the storm."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300 + 4 * SETTINGS.events / SETTINGS.rate)]


@dataclass
class Waits:
    """How long answers took, in each round, without the storm and in it."""

    quiet: list[list[float]] = field(default_factory=list)
    storm: list[list[float]] = field(default_factory=list)

    def ratio(self, rounds: list[int] | None = None) -> float:
        """Return the p95 in the storm over the p95 without, of all rounds or of some."""
        chosen = range(len(self.quiet)) if rounds is None else rounds
        return p95([self.storm[i] for i in chosen]) / p95([self.quiet[i] for i in chosen])

    def at_least(self, number: int) -> float:
        """Return the ratio that the true one exceeds with 95 % confidence: rounds are drawn again and again."""
        random, rounds = Random(number), range(len(self.quiet))
        return sorted(self.ratio(random.choices(rounds, k=len(rounds))) for _ in range(1000))[50]

    def __str__(self) -> str:
        """Return the figures as words."""
        quiet, storm = (f"p95 {1000 * p95(each):.1f} ms of {sum(map(len, each))}" for each in (self.quiet, self.storm))
        return f"quiet {quiet}, storm {storm}, ratio {self.ratio():.2f} (above {self.at_least(1):.2f} with 95 %)"


async def test_a_hostile_publisher_harms_nobody_and_none_of_its_events_is_lost(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with guarded(tmp_path / "home") as server:
        async with ingesting(server) as (ingest, cli):
            flood, waits = await stormed(server, cli)
            assert (ingest.restarts, ingest.ready.is_set()) == (0, True)
    told = await counted(tmp_path / "home" / "nats" / "streams", tmp_path)
    with capsys.disabled():
        print(f"\nhostile publisher: {figures(flood, told)}\nanother publisher: {waits}")  # noqa: T201
    assert flood.refusals > 0
    assert flood.unstored == {}
    assert wrong(flood.stored, told) == []
    assert all(all(reasons) for reasons in told.reasons.values())
    if SETTINGS.alone:
        assert waits.at_least(SETTINGS.seed) <= MOST


@asynccontextmanager
async def ingesting(server: Guarded) -> AsyncIterator[tuple[Watched, NatsBus]]:
    """Run the real ingest under the real supervisor, with the door beside it; yield it, and a bus to give orders on."""
    await provision(server.url, server.home.seed("provisioner"))
    asking = await bus_of(server, "supervisor")
    cli = await bus_of(server, "cli")
    ports = settled(SERVERS, server.home.run / "other-ports.json") | {"nats": int(server.url.rpartition(":")[2])}
    rows = Rows(server.home, Addresses(ports), asking)
    [ingest] = [process for process in rows.front() if process.name == "ingest"]
    async with Supervisor(server.home, lambda _: None, lambda: None) as supervisor:
        supervisor.start(ingest)
        await supervisor.ready(ingest)
        [watched] = supervisor.watched
        yield watched, cli
    await asking.close()
    await cli.close()


async def bus_of(server: Guarded, name: str) -> NatsBus:
    return await connect(server.url, server.home.seed(name), name, Telemetry(name))


async def let_in(server: Guarded, cli: NatsBus, name: str, limits: Limits) -> Client:
    key = nkey(server.home.seed(name))
    await cli.order(AddPublisher(name=name, nkey=key, may=MAY, limits=limits), PublisherAdded)
    client: list[Client] = []

    async def entered() -> bool:
        try:
            client.append(await asyncio.wait_for(server.connected(name), 2))
        except Exception:  # noqa: BLE001 - not let in yet, in one of the client's many ways
            return False
        return True

    await eventually(entered)
    return client[0]


async def stormed(server: Guarded, cli: NatsBus) -> tuple[Flood, Waits]:
    """Let the storm come and go until all is sent and judged; return it, and how long another's answers took."""
    open_objects(f"file://{server.home.objects}").create("uploads/calm", [b"a,b\n1,2\n3,4\n5,6\n"])
    events = hostile_events(SETTINGS.events, SETTINGS.seed)
    calm = Registrar(await let_in(server, cli, "calm", Limits()), "calm", "uploads/calm")
    hostile = await let_in(server, cli, "hostile", Limits(rate=SETTINGS.rate, backlog=BACKLOG))
    provisioner = await server.connected("door")
    await calm.begin()
    flood, waits = Flood(hostile, "hostile"), Waits()
    flooding = asyncio.create_task(flood.run(events))

    async def judged() -> bool:
        return (await provisioner.jetstream().stream_info(arrivals("hostile"))).state.messages == 0

    await measured(calm, QUIET_SECONDS)  # the first answers pay for what is made once
    while not flooding.done():
        waits.quiet.append(await measured(calm, QUIET_SECONDS))
        flood.on.set()
        waits.storm.append(await measured(calm, STORM_SECONDS))
        flood.on.clear()
        await eventually(judged, seconds=60)
    await flooding
    await calm.seconds()  # it is behind all that the flood had ingest do
    return flood, waits


async def measured(calm: Registrar, seconds: float) -> list[float]:
    end, found = monotonic() + seconds, []
    while monotonic() < end:
        found.append(await calm.seconds())
        await asyncio.sleep(0.02)
    return found


@dataclass
class Told:
    """What the streams hold in the end, by the key of the event."""

    went_on: Counter[str] = field(default_factory=Counter)
    reasons: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


async def counted(store: Path, folder: Path) -> Told:
    """Read what nats-server stored, with another one that is not guarded."""
    auditor = NatsServer(folder, store=store)
    auditor.start()
    client = await connect_client(auditor.url, name="auditor")
    stream, told = client.jetstream(timeout=30), Told()
    try:
        commands = await stream.stream_info(COMMANDS, subjects_filter="cmd.>")
        for subject, count in (commands.state.subjects or {}).items():
            told.went_on[subject.rpartition(".")[2]] += count
        async for fact in everything(stream, EVENTS, "evt.ingest.dataset.*.*.*"):
            told.went_on[fact.subject.rpartition(".")[2]] += 1
        async for letter in everything(stream, DEAD, "dead.outside-hostile.>"):
            headers = letter.headers or {}
            told.reasons[headers[ORIGINAL].rpartition(".")[2]].append(headers[REASON])
    finally:
        await client.close()
        auditor.kill()
    return told


async def everything(stream: JetStreamContext, name: str, subject: str) -> AsyncIterator[Msg]:
    follower = Follower(stream, name, [subject])
    await follower.start(replay=True)
    while follower.waiting:
        yield await follower.next()
    await follower.stop()


def wrong(sent: list[HostileEvent], told: Told) -> list[tuple[str, str, int, int]]:
    """Return kind and key of each event that did not meet its fate, how often it went on, and how often it died."""
    found = []
    for event in {event.token: event for event in reversed(sent)}.values():
        went_on, died = told.went_on[event.token], len(told.reasons[event.token])
        if (went_on, died) not in ALLOWED[event.fate]:
            found.append((event.kind, event.token, went_on, died))
    return found


def figures(flood: Flood, told: Told) -> str:
    went_on = sum(count for token, count in told.went_on.items() if token.startswith("h"))
    died = sum(map(len, told.reasons.values()))
    return (
        f"{len(flood.stored):,} events stored, {flood.duplicates:,} known by their id at once, "
        f"{flood.refusals:,} refused for the backlog and sent again; {went_on:,} went on, {died:,} died"
    )


def p95(rounds: list[list[float]]) -> float:
    return quantiles([wait for each in rounds for wait in each], n=20)[-1]
